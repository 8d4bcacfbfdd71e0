data "tensorpool_job" "train" {
  id = "j-abc123"
}

# Warns in every plan until somebody has read the job's log.
check "job" {
  assert {
    condition     = !contains(["error", "failed"], data.tensorpool_job.train.status)
    error_message = "Job ${data.tensorpool_job.train.id} ended with ${data.tensorpool_job.train.status}."
  }
}
