data "tensorpool_cluster_quote" "training" {
  instance_type = "8xH100"
  num_nodes     = 2
}

output "usd_per_day" {
  value = data.tensorpool_cluster_quote.training.hourly_rate * 24
}
