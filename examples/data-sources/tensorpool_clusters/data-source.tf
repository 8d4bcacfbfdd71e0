data "tensorpool_clusters" "all" {
  include_org = true
}

output "names" {
  value = data.tensorpool_clusters.all.clusters[*].name
}
