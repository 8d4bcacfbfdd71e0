resource "notes_note" "shopping" {
  title  = "Shopping list"
  text   = "Bread, and what goes on it."
  folder = "home"
  tags   = ["food", "today"]

  reference {
    isbn = "9780131103627"
  }
}
