resource "tensorpool_object_storage" "main" {}

resource "tensorpool_object_storage_bucket" "datasets" {
  name = "training-datasets"

  # A bucket needs object storage, and has to be deleted before it.
  depends_on = [tensorpool_object_storage.main]
}
