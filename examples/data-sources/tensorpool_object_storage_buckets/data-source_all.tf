data "tensorpool_object_storage_buckets" "all" {}

locals {
  names = data.tensorpool_object_storage_buckets.all.buckets[*].name
}

check "datasets" {
  assert {
    condition     = contains(local.names, "training-datasets")
    error_message = "There is no bucket training-datasets."
  }
}

output "names" {
  value = local.names
}
