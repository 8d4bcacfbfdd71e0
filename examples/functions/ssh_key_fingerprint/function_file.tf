# What ssh-keygen -lf ~/.ssh/id_ed25519.pub prints, without a shell.
output "fingerprint" {
  value = provider::tensorpool::ssh_key_fingerprint(file("~/.ssh/id_ed25519.pub"))
}
