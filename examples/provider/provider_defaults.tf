provider "tensorpool" {
  # Of clusters and volumes that do not set them themselves.
  default_deletion_protection = true

  default_timeouts {
    create = "90m"
    delete = "30m"
  }

  # Of every request.
  request_timeout = 60
  max_retries     = 6
}
