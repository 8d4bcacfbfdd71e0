list "tensorpool_object_storage_bucket" "training" {
  provider         = tensorpool
  include_resource = true

  config {
    name_contains = "training-"
  }
}
