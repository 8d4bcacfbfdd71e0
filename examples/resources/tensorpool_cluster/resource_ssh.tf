resource "tensorpool_cluster" "training" {
  name          = "training"
  instance_type = "8xH100"
  num_nodes     = 2
}

data "tensorpool_ssh_commands" "training" {
  cluster_id = tensorpool_cluster.training.id
}

# The ids of the nodes are not known during the plan of a new cluster, but their number is: count, not for_each.
resource "terraform_data" "node" {
  count            = tensorpool_cluster.training.num_nodes
  triggers_replace = tensorpool_cluster.training.instances[count.index].id
  input            = data.tensorpool_ssh_commands.training.nodes[count.index].command
}

output "ssh" {
  value = data.tensorpool_ssh_commands.training.nodes[*].command
}
