# A module of a team: clusters for training, with rules of its own. What is tested is in training.tftest.hcl.

terraform {
  required_providers {
    tensorpool = {
      source  = "tensorpool/tensorpool"
      version = "~> 0.1"
    }
  }
}

variable "name" {
  type = string
}

variable "gpus" {
  description = "How many GPUs in all: a multiple of 8."
  type        = number

  validation {
    condition     = var.gpus > 0 && var.gpus % 8 == 0
    error_message = "GPUs come in nodes of 8."
  }
}

variable "production" {
  type    = bool
  default = false
}

resource "tensorpool_cluster" "training" {
  name                = var.name
  instance_type       = provider::tensorpool::format_instance_type(8, "H100")
  num_nodes           = var.gpus / 8
  deletion_protection = var.production
}

output "cluster_id" {
  value = tensorpool_cluster.training.id
}

output "addresses" {
  value = tensorpool_cluster.training.instances[*].ip_address
}
