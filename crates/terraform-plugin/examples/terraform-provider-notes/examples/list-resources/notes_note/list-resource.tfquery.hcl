list "notes_note" "home" {
  provider = notes

  config {
    folder = "home"
  }
}
