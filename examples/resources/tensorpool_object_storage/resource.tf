resource "tensorpool_object_storage" "main" {
  # A destroy disables object storage for the whole organization. Without this it is refused.
  allow_disable = true
}

output "s3_endpoint" {
  value = tensorpool_object_storage.main.endpoint
}
