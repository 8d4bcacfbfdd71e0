data "tensorpool_storages" "all" {
  include_org = true
}

output "total_gb" {
  value = sum(concat([0], data.tensorpool_storages.all.storages[*].size_gb))
}
