# Needs Terraform 1.14. Runs with: terraform apply -invoke=action.tensorpool_set_deletion_protection.lock
action "tensorpool_set_deletion_protection" "lock" {
  config {
    cluster_id = "c-abc123"
    enabled    = true
  }
}
