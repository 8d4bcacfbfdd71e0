# Two nodes of 8 GPUs each. The keys are installed in addition to those of the account.
resource "tensorpool_cluster" "training" {
  name          = "training"
  instance_type = "8xH100"
  num_nodes     = 2
  public_keys   = [file("~/.ssh/id_ed25519.pub")]
}

output "addresses" {
  value = tensorpool_cluster.training.instances[*].ip_address
}
