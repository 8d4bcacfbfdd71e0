resource "tensorpool_cluster" "training" {
  name          = "training"
  instance_type = "8xH100"
}
