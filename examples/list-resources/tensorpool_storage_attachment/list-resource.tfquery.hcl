list "tensorpool_storage_attachment" "mine" {
  provider = tensorpool
}
