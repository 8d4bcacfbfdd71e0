action "tensorpool_set_deletion_protection" "lock" {
  config {
    cluster_id = "c-abc123"
    enabled    = true
  }
}
