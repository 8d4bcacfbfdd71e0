list "tensorpool_cluster" "training" {
  provider         = tensorpool
  include_resource = true
  limit            = 50

  config {
    name_contains = "train"
  }
}
