output "instance_type" {
  value = provider::tensorpool::format_instance_type(8, "H100")
}
