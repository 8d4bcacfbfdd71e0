import {
  to = notes_note.shopping
  id = "shopping-list"
}
