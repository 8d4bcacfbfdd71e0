resource "tensorpool_cluster" "inference" {
  name          = "inference"
  instance_type = "1xH200"
  container     = "ghcr.io/example/inference:1.4"
}
