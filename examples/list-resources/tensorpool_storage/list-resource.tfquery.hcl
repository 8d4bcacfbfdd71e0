list "tensorpool_storage" "all" {
  provider = tensorpool

  config {
    include_org   = true
    name_contains = "data"
  }
}
