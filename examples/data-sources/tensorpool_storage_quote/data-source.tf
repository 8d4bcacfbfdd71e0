data "tensorpool_storage_quote" "datasets" {
  size_gb = 1000
}

output "usd_per_hour" {
  value = data.tensorpool_storage_quote.datasets.hourly_rate
}
