variable "dataset_gb" {
  description = "Can grow from one apply to the next, and never shrink."
  type        = number
  default     = 1000
}

resource "tensorpool_storage" "datasets" {
  name    = "datasets"
  size_gb = var.dataset_gb
}

resource "tensorpool_cluster" "training" {
  name          = "training"
  instance_type = "8xH100"
  num_nodes     = 2
}

resource "tensorpool_storage_attachment" "datasets" {
  storage_id = tensorpool_storage.datasets.id
  cluster_id = tensorpool_cluster.training.id
}
