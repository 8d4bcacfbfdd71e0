variable "gpus" {
  type    = number
  default = 16
}

variable "model" {
  type    = string
  default = "H200"
}

locals {
  gpus_per_node = min(var.gpus, 8)
}

resource "tensorpool_cluster" "sized" {
  name          = "sized"
  instance_type = provider::tensorpool::format_instance_type(local.gpus_per_node, var.model)
  num_nodes     = var.gpus / local.gpus_per_node
}
