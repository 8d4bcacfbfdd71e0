ephemeral "tensorpool_object_storage_credentials" "s3" {}

# For a provider block: access_key = ephemeral.tensorpool_object_storage_credentials.s3.access_key_id
# and secret_key = ephemeral.tensorpool_object_storage_credentials.s3.secret_access_key.
