resource "notes_memo" "bread" {
  title = "Buy bread"
}
