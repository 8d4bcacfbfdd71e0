locals {
  instance_type = provider::tensorpool::parse_instance_type("8xH100")
}

output "gpus" {
  value = "${local.instance_type.count} GPUs of model ${local.instance_type.model}"
}
