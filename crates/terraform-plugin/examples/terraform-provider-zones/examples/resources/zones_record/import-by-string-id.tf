import {
  to = zones_record.www
  id = "example.com/rec-000001"
}
