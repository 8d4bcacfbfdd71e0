resource "tensorpool_object_storage" "main" {}

# org_id makes the data source wait until object storage is enabled.
data "tensorpool_object_storage" "main" {
  org_id = tensorpool_object_storage.main.org_id
}

output "rotated_at" {
  value = data.tensorpool_object_storage.main.updated_at
}
