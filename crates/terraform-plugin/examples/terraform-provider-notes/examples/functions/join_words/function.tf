output "joined" {
  value = provider::notes::join_words("-", "a", "b", "c")
}
