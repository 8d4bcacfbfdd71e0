action "tensorpool_cancel_job" "stop" {
  config {
    job_id = "j-abc123"
  }
}
