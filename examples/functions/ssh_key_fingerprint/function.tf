output "fingerprint" {
  value = provider::tensorpool::ssh_key_fingerprint("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA me@laptop")
}
