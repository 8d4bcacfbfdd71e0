# The cluster is managed by another configuration, or was created by hand.
data "tensorpool_cluster" "training" {
  name = "training"
}

resource "tensorpool_storage" "results" {
  name    = "results"
  size_gb = 500
}

# Restarts all nodes of the cluster.
resource "tensorpool_storage_attachment" "results" {
  storage_id = tensorpool_storage.results.id
  cluster_id = data.tensorpool_cluster.training.id
}
