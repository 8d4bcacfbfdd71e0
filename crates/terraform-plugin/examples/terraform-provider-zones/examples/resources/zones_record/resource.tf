resource "zones_record" "www" {
  zone  = "example.com"
  name  = "www"
  type  = "A"
  value = "192.0.2.1"
  ttl   = 300
}
