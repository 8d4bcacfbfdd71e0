resource "tensorpool_object_storage" "main" {}

ephemeral "tensorpool_object_storage_credentials" "s3" {
  # Waits until object storage is enabled, and fails if it is that of another organization.
  org_id = tensorpool_object_storage.main.org_id
}
