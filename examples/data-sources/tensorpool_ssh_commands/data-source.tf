resource "tensorpool_cluster" "training" {
  name          = "training"
  instance_type = "8xH100"
  num_nodes     = 2
}

data "tensorpool_ssh_commands" "training" {
  cluster_id = tensorpool_cluster.training.id
}

# The number of nodes is known during the plan of a new cluster; the ids of its nodes are not.
resource "terraform_data" "node" {
  count = tensorpool_cluster.training.num_nodes
  input = data.tensorpool_ssh_commands.training.nodes[count.index].command
}

output "ssh" {
  value = data.tensorpool_ssh_commands.training.nodes[*].command
}
