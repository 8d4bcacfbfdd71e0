terraform import notes_note.shopping shopping-list
