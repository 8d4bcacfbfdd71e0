output "name" {
  value = provider::zones::fqdn("example.com", "www")
}
