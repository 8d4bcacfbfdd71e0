data "tensorpool_storage" "datasets" {
  id = "s-abc123"

  lifecycle {
    postcondition {
      condition     = self.size_gb >= 500
      error_message = "Volume ${self.name} is too small for the datasets."
    }
  }
}

output "is_free" {
  value = length(data.tensorpool_storage.datasets.attached_cluster_ids) == 0
}
