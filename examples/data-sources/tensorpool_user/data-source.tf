data "tensorpool_user" "me" {}

output "uid" {
  value = data.tensorpool_user.me.uid
}
