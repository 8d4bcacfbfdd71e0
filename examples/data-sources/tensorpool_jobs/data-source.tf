data "tensorpool_jobs" "all" {
  include_org = true
}

# What the action tensorpool_cancel_job can cancel.
output "cancelable" {
  value = [for job in data.tensorpool_jobs.all.jobs : job.id if !job.ended]
}

data "tensorpool_jobs" "running" {
  status        = "running"
  name_contains = "train"
}

output "running" {
  value = data.tensorpool_jobs.running.jobs[*].id
}
