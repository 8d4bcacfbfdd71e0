resource "tensorpool_storage" "datasets" {
  name    = "datasets"
  size_gb = 1000
}
