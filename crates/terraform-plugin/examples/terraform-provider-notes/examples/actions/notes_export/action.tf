action "notes_export" "all" {
  config {
    path = "export.txt"
  }
}
