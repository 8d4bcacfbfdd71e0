# A cluster for training, with a volume of data sets that outlives it and a bucket for checkpoints.

terraform {
  required_providers {
    tensorpool = {
      source  = "tensorpool/tensorpool"
      version = "~> 0.1"
    }
  }
}

provider "tensorpool" {}

resource "tensorpool_ssh_key" "training" {
  name       = var.name
  public_key = var.public_key
}

resource "tensorpool_cluster" "training" {
  name          = var.name
  instance_type = var.instance_type
  num_nodes     = var.num_nodes

  # The keys of the account are put on every cluster that is created, so this one has to be there before.
  depends_on = [tensorpool_ssh_key.training]
}

resource "tensorpool_storage" "datasets" {
  name                = "${var.name}-datasets"
  size_gb             = var.dataset_gb
  deletion_protection = var.protect_datasets
}

# Attaching and detaching each restart all nodes of the cluster. As the attachment refers to both, Terraform makes it last
# and destroys it first.
resource "tensorpool_storage_attachment" "datasets" {
  storage_id = tensorpool_storage.datasets.id
  cluster_id = tensorpool_cluster.training.id
}

module "object_storage" {
  source = "./object_storage"
  bucket = "${var.name}-checkpoints"
}
