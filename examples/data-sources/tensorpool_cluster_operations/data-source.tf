data "tensorpool_cluster_operations" "failed" {
  cluster_id = "c-abc123"
  status     = "FAILED"
}

output "failures" {
  value = data.tensorpool_cluster_operations.failed.operations[*].message
}
