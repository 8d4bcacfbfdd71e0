data "tensorpool_object_storage" "main" {}

# What a backend "s3" or another S3 client needs to know, without the credentials.
output "object_storage" {
  value = {
    endpoint = data.tensorpool_object_storage.main.endpoint
    region   = data.tensorpool_object_storage.main.region
  }
}
