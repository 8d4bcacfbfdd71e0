resource "notes_draft" "letter" {
  title = "A letter"
  pages = 2.5

  reminder {
    days = 3
  }
}
