# What it costs to let a volume grow.
data "tensorpool_storage" "datasets" {
  name = "datasets"
}

data "tensorpool_storage_quote" "now" {
  size_gb = data.tensorpool_storage.datasets.size_gb
}

data "tensorpool_storage_quote" "grown" {
  size_gb = data.tensorpool_storage.datasets.size_gb + 1000
}

output "usd_more_per_30_days" {
  value = (data.tensorpool_storage_quote.grown.hourly_rate - data.tensorpool_storage_quote.now.hourly_rate) * 24 * 30
}
