action "zones_purge" "example" {
  config {
    zone = "example.com"
  }
}
