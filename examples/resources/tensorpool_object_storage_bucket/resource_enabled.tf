# Object storage is enabled already, and managed elsewhere. If it is not enabled, the plan fails here.
data "tensorpool_object_storage" "main" {}

resource "tensorpool_object_storage_bucket" "results" {
  name       = "training-results"
  depends_on = [data.tensorpool_object_storage.main]
}

output "url" {
  value = "${data.tensorpool_object_storage.main.endpoint}/${tensorpool_object_storage_bucket.results.name}"
}
