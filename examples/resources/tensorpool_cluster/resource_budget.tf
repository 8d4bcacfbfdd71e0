variable "monthly_budget" {
  description = "In USD."
  type        = number
  default     = 50000
}

locals {
  instance_type = "8xH100"
  num_nodes     = 2
}

data "tensorpool_cluster_quote" "training" {
  instance_type = local.instance_type
  num_nodes     = local.num_nodes
}

resource "tensorpool_cluster" "training" {
  name          = "training"
  instance_type = local.instance_type
  num_nodes     = local.num_nodes
}

# Warns with every plan. In a precondition of the cluster, the same condition stops the run.
check "budget" {
  assert {
    condition     = data.tensorpool_cluster_quote.training.hourly_rate * 24 * 30 <= var.monthly_budget
    error_message = "The cluster would cost more than ${var.monthly_budget} USD in 30 days."
  }
}
