data "tensorpool_ssh_keys" "all" {
  include_org = true
}

locals {
  mine = provider::tensorpool::ssh_key_fingerprint(file("~/.ssh/id_ed25519.pub"))
}

check "key" {
  assert {
    condition     = contains(data.tensorpool_ssh_keys.all.ssh_keys[*].fingerprint, local.mine)
    error_message = "New clusters will not let you in: the account does not have the key ${local.mine}."
  }
}

output "fingerprint" {
  value = local.mine
}
