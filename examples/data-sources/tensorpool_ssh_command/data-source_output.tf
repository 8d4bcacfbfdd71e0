# A node of the cluster for each system that people work on.
data "tensorpool_cluster" "training" {
  name = "training"
}

data "tensorpool_ssh_command" "first" {
  for_each = toset(["linux", "darwin", "windows"])

  instance_id = data.tensorpool_cluster.training.instances[0].id
  system      = each.key
}

output "commands" {
  value = { for system, ssh in data.tensorpool_ssh_command.first : system => ssh.command }
}
