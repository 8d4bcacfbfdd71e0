import {
  to = notes_note.shopping
  identity = {
    id = "shopping-list"
  }
}
