variable "cluster_id" {
  type    = string
  default = "c-abc123"
}

data "tensorpool_cluster" "this" {
  id = var.cluster_id

  lifecycle {
    postcondition {
      condition     = alltrue([for node in self.instances : node.status == "RUNNING"])
      error_message = "A node of ${self.name} does not run."
    }
  }
}

output "gpus" {
  value = provider::tensorpool::parse_instance_type(data.tensorpool_cluster.this.instance_type).count * data.tensorpool_cluster.this.num_nodes
}
