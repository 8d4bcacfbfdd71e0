resource "tensorpool_cluster" "production" {
  name          = "production"
  instance_type = "8xH200"
  num_nodes     = 2

  # A plan that would destroy or replace the cluster is refused.
  deletion_protection = true

  timeouts {
    create = "90m"
    delete = "30m"
  }
}
