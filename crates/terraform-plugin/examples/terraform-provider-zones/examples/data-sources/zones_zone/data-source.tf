data "zones_zone" "example" {
  name = "example.com"
}

output "name_servers" {
  value = data.zones_zone.example.name_servers
}
