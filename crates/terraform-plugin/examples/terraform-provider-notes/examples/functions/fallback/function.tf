output "otherwise" {
  value = provider::notes::fallback(null, "other")
}
