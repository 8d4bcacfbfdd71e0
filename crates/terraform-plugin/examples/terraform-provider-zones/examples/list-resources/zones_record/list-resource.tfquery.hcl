list "zones_record" "texts" {
  provider = zones

  config {
    zone = "example.com"
    type = "TXT"
  }
}
