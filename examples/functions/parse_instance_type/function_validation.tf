variable "instance_type" {
  type    = string
  default = "8xH100"

  validation {
    condition     = can(provider::tensorpool::parse_instance_type(var.instance_type))
    error_message = "An instance type is a number of GPUs and a model, for example 8xH100."
  }
}

output "is_a_whole_machine" {
  value = provider::tensorpool::parse_instance_type(var.instance_type).count == 8
}
