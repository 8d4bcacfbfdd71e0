data "tensorpool_cluster" "training" {
  name = "training"
}

data "tensorpool_cluster_operations" "running" {
  cluster_id = data.tensorpool_cluster.training.id
  status     = "PROCESSING"
}

output "busy_with" {
  value = { for operation in data.tensorpool_cluster_operations.running.operations : operation.request_id => operation.request_type }
}
