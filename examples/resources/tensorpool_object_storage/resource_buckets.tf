resource "tensorpool_object_storage" "main" {}

resource "tensorpool_object_storage_bucket" "training" {
  for_each = toset(["datasets", "checkpoints"])

  name       = "training-${each.key}"
  depends_on = [tensorpool_object_storage.main]
}

# The credentials are read in each run and are in no state.
ephemeral "tensorpool_object_storage_credentials" "s3" {
  org_id = tensorpool_object_storage.main.org_id
}
