import {
  to = zones_record.www
  identity = {
    zone = "example.com"
    id   = "rec-000001"
  }
}
