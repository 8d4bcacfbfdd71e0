# The volume is managed by nobody's configuration. It is locked as soon as a cluster uses it.
data "tensorpool_storage" "datasets" {
  name = "datasets"
}

action "tensorpool_set_deletion_protection" "datasets" {
  config {
    storage_id = data.tensorpool_storage.datasets.id
    enabled    = true
  }
}

resource "tensorpool_cluster" "evaluation" {
  name          = "evaluation"
  instance_type = "8xH100"
  num_nodes     = 2
}

resource "tensorpool_storage_attachment" "datasets" {
  storage_id = data.tensorpool_storage.datasets.id
  cluster_id = tensorpool_cluster.evaluation.id

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.tensorpool_set_deletion_protection.datasets]
    }
  }
}
