list "tensorpool_ssh_key" "mine" {
  provider = tensorpool
}
