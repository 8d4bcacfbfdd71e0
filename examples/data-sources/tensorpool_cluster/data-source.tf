data "tensorpool_cluster" "training" {
  name = "training"
}

output "addresses" {
  value = data.tensorpool_cluster.training.instances[*].ip_address
}
