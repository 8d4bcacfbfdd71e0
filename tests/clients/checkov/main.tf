terraform {
  required_providers {
    tensorpool = {
      source = "tensorpool/tensorpool"
    }
  }
}

variable "protected" {
  description = "Without a value, the argument is left out."
  type        = bool
  default     = null
}

resource "tensorpool_cluster" "training" {
  name                = "training"
  instance_type       = "8xH100"
  deletion_protection = var.protected
}

resource "tensorpool_cluster" "evaluation" {
  name                = "evaluation"
  instance_type       = "1xH100"
  deletion_protection = true
}
