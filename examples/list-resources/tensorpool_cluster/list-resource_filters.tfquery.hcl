# Both filters have to match. tf-cluster- is how the names begin that the provider generates.
list "tensorpool_cluster" "generated" {
  provider = tensorpool

  config {
    include_org   = true
    name_contains = "tf-cluster-"
  }
}
