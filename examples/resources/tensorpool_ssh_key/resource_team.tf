locals {
  keys = {
    ada   = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6 ada@example.com"
    grace = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA grace@example.com"
  }
}

resource "tensorpool_ssh_key" "team" {
  for_each = local.keys

  name       = each.key
  public_key = each.value
}

# Keys are installed when a cluster is created: those that it is to have come first.
resource "tensorpool_cluster" "training" {
  name          = "training"
  instance_type = "8xH100"
  depends_on    = [tensorpool_ssh_key.team]
}

output "fingerprints" {
  value = { for name, key in tensorpool_ssh_key.team : name => key.fingerprint }
}
