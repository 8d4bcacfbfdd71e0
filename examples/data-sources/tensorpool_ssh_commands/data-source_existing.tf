data "tensorpool_cluster" "training" {
  name = "training"
}

data "tensorpool_ssh_commands" "training" {
  cluster_id = data.tensorpool_cluster.training.id
  system     = "darwin"
}

# A node that does not run has no command.
output "ssh" {
  value = { for node in data.tensorpool_ssh_commands.training.nodes : node.instance_id => node.command if node.command != null }
}
