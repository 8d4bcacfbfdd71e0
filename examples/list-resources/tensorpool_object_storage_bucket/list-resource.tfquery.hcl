list "tensorpool_object_storage_bucket" "all" {
  provider = tensorpool
}
