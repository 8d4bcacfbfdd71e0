list "tensorpool_ssh_key" "all" {
  provider = tensorpool

  config {
    include_org = true
  }
}
