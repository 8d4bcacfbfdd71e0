# The volume is managed by another configuration, and stays when the cluster is destroyed.
data "tensorpool_storage" "datasets" {
  name = "datasets"
}

resource "tensorpool_cluster" "evaluation" {
  name          = "evaluation"
  instance_type = "8xH100"
  num_nodes     = 2
}

resource "tensorpool_storage_attachment" "datasets" {
  storage_id = data.tensorpool_storage.datasets.id
  cluster_id = tensorpool_cluster.evaluation.id

  timeouts {
    create = "30m"
    delete = "30m"
  }
}
