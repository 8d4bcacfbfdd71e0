variable "environments" {
  type    = set(string)
  default = ["staging", "production"]
}

resource "tensorpool_object_storage" "main" {}

resource "tensorpool_object_storage_bucket" "checkpoints" {
  for_each = var.environments

  name       = "${each.key}-checkpoints"
  depends_on = [tensorpool_object_storage.main]
}
