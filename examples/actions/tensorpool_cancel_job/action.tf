# Needs Terraform 1.14. Runs with: terraform apply -invoke=action.tensorpool_cancel_job.stop
action "tensorpool_cancel_job" "stop" {
  config {
    job_id = "j-abc123"
  }
}
