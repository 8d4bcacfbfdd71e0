data "tensorpool_ssh_keys" "all" {
  include_org = true
}

output "fingerprints" {
  value = data.tensorpool_ssh_keys.all.ssh_keys[*].fingerprint
}
