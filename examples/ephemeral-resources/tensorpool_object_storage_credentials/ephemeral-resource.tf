resource "tensorpool_object_storage" "main" {}

ephemeral "tensorpool_object_storage_credentials" "s3" {
  # Waits for object storage that is only just being enabled.
  org_id = tensorpool_object_storage.main.org_id
}

# For a provider block, as access_key = ephemeral.tensorpool_object_storage_credentials.s3.access_key_id
# and secret_key = ephemeral.tensorpool_object_storage_credentials.s3.secret_access_key.
