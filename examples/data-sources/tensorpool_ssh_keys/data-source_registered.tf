# Whether the account or the organization has this key, whatever its name and comment.
data "tensorpool_ssh_keys" "mine" {
  include_org = true
  public_key  = file("~/.ssh/id_ed25519.pub")
}

output "is_registered" {
  value = length(data.tensorpool_ssh_keys.mine.ssh_keys) > 0
}
