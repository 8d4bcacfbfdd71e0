list "tensorpool_object_storage_bucket" "training" {
  provider = tensorpool

  config {
    name_contains = "training-"
  }
}
