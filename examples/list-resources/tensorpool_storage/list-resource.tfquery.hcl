list "tensorpool_storage" "mine" {
  provider = tensorpool
}
