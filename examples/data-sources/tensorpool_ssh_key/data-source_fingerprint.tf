# Fails if the account does not have this key.
data "tensorpool_ssh_key" "mine" {
  fingerprint = provider::tensorpool::ssh_key_fingerprint(file("~/.ssh/id_ed25519.pub"))
}

output "name" {
  value = data.tensorpool_ssh_key.mine.name
}
