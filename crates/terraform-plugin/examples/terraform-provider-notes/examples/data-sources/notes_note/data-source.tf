data "notes_note" "shopping" {
  title = "Shopping list"

  depends_on = [notes_note.shopping]
}

output "text" {
  value = data.notes_note.shopping.text
}
