list "tensorpool_cluster" "mine" {
  provider = tensorpool
}
