# Every filter that is set has to match.
data "tensorpool_clusters" "training" {
  include_org   = true
  name_contains = "train"
  instance_type = "8xH100"
}

output "addresses" {
  value = { for cluster in data.tensorpool_clusters.training.clusters : cluster.name => cluster.instances[*].ip_address }
}
