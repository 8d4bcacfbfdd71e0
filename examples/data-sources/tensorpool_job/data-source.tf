data "tensorpool_job" "train" {
  id = "j-abc123"
}

output "job" {
  value = "${data.tensorpool_job.train.id} is ${data.tensorpool_job.train.status}"
}
