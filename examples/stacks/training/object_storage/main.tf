# The bucket for checkpoints, and the keys to it while Terraform runs.
#
# Object storage belongs to the whole organization, so this stack neither enables nor disables it: it is enabled once, in
# TensorPool's web dashboard or by a tensorpool_object_storage elsewhere.

terraform {
  required_providers {
    tensorpool = {
      source  = "tensorpool/tensorpool"
      version = ">= 0.1"
    }
  }
}

variable "bucket" {
  description = "The name of the bucket."
  type        = string
}

resource "tensorpool_object_storage_bucket" "checkpoints" {
  name = var.bucket
}

ephemeral "tensorpool_object_storage_credentials" "this" {}

output "bucket" {
  description = "The name of the bucket."
  value       = tensorpool_object_storage_bucket.checkpoints.name
}

output "s3" {
  description = "What an S3 client needs, for the configuration of another provider. It is in no plan and no state."
  ephemeral   = true
  value       = ephemeral.tensorpool_object_storage_credentials.this
}
