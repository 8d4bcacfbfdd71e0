data "tensorpool_organization" "mine" {}

output "members" {
  value = data.tensorpool_organization.mine.members[*].uid
}

# The addresses are personal data: an output has to say that it is sensitive.
output "emails" {
  value     = data.tensorpool_organization.mine.members[*].email
  sensitive = true
}
