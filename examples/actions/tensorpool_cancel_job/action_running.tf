data "tensorpool_jobs" "running" {
  cluster_id = "c-abc123"
  status     = "running"
}

action "tensorpool_cancel_job" "running" {
  for_each = toset(data.tensorpool_jobs.running.jobs[*].id)

  config {
    job_id = each.key
  }
}
