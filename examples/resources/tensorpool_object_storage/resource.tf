resource "tensorpool_object_storage" "main" {}

output "s3" {
  value = {
    endpoint = tensorpool_object_storage.main.endpoint
    region   = tensorpool_object_storage.main.region
  }
}
