output "slug" {
  value = provider::notes::slug("A Title!")
}
