resource "tensorpool_cluster" "training" {
  name          = "training"
  instance_type = "8xH100"
  num_nodes     = 2
}

resource "tensorpool_storage" "datasets" {
  name    = "datasets"
  size_gb = 1000
}

# Attaching and detaching each restart all nodes of the cluster.
resource "tensorpool_storage_attachment" "datasets" {
  storage_id = tensorpool_storage.datasets.id
  cluster_id = tensorpool_cluster.training.id
}
