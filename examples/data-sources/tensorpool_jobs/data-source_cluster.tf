data "tensorpool_cluster" "training" {
  name = "training"
}

# Every filter that is set has to match.
data "tensorpool_jobs" "running" {
  include_org = true
  cluster_id  = data.tensorpool_cluster.training.id
  status      = "running"
}

output "idle" {
  value = length(data.tensorpool_jobs.running.jobs) == 0
}
