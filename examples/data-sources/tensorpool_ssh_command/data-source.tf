data "tensorpool_cluster" "training" {
  name = "training"
}

data "tensorpool_ssh_command" "first" {
  instance_id = data.tensorpool_cluster.training.instances[0].id
  system      = "darwin"
}

output "ssh" {
  value = data.tensorpool_ssh_command.first.command
}
