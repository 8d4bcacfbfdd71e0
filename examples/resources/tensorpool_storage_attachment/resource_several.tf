resource "tensorpool_cluster" "training" {
  name          = "training"
  instance_type = "8xH100"
  num_nodes     = 2
}

resource "tensorpool_storage" "datasets" {
  name    = "datasets"
  size_gb = 1000
}

resource "tensorpool_storage" "checkpoints" {
  name    = "checkpoints"
  size_gb = 500
}

resource "tensorpool_storage_attachment" "datasets" {
  storage_id = tensorpool_storage.datasets.id
  cluster_id = tensorpool_cluster.training.id
}

# One after the other in any case. With depends_on, the order is always the same.
resource "tensorpool_storage_attachment" "checkpoints" {
  storage_id = tensorpool_storage.checkpoints.id
  cluster_id = tensorpool_cluster.training.id
  depends_on = [tensorpool_storage_attachment.datasets]
}

# What has to run on nodes that do not restart any more depends on the last attachment.
data "tensorpool_ssh_commands" "training" {
  cluster_id = tensorpool_cluster.training.id
  depends_on = [tensorpool_storage_attachment.checkpoints]
}

output "ssh" {
  value = data.tensorpool_ssh_commands.training.nodes[*].command
}
