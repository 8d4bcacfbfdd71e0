list "tensorpool_cluster" "all" {
  provider = tensorpool

  config {
    include_org   = true
    name_contains = "train"
  }
}
