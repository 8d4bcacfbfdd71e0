data "tensorpool_storage" "datasets" {
  name = "datasets"
}

output "size_gb" {
  value = data.tensorpool_storage.datasets.size_gb
}
