ephemeral "notes_passphrase" "key" {
  words = 3
}

resource "notes_note" "sealed" {
  title          = "Sealed"
  secret         = ephemeral.notes_passphrase.key.value
  secret_version = 1
}
