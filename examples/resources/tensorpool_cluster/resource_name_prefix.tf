variable "image" {
  type    = string
  default = "ghcr.io/example/inference:1.4"
}

# Names are unique, so the replacement needs a name of its own before the old cluster is destroyed.
resource "tensorpool_cluster" "inference" {
  name_prefix   = "inference-"
  instance_type = "1xH200"
  container     = var.image

  lifecycle {
    create_before_destroy = true
  }
}

output "name" {
  value = tensorpool_cluster.inference.name
}
