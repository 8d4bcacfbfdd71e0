output "addresses" {
  description = "The addresses of the nodes."
  value       = tensorpool_cluster.training.instances[*].ip_address
}

output "storage_id" {
  description = "The id of the volume of data sets."
  value       = tensorpool_storage.datasets.id
}

output "bucket" {
  description = "The bucket for checkpoints."
  value       = module.object_storage.bucket
}
