resource "tensorpool_cluster" "training" {
  name                = "training"
  instance_type       = "8xH100"
  num_nodes           = 2
  deletion_protection = true

  timeouts {
    create = "30m"
  }
}
