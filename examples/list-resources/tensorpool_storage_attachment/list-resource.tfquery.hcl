list "tensorpool_storage_attachment" "all" {
  provider = tensorpool

  config {
    include_org = true
  }
}
