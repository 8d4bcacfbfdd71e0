# By name, by fingerprint or by id.
data "tensorpool_ssh_key" "laptop" {
  name = "laptop"
}

# The key is installed on the nodes even if it is removed from the account before the cluster is created.
resource "tensorpool_cluster" "training" {
  name          = "training"
  instance_type = "8xH100"
  public_keys   = [data.tensorpool_ssh_key.laptop.public_key]
}

output "fingerprint" {
  value = data.tensorpool_ssh_key.laptop.fingerprint
}
