data "tensorpool_clusters" "all" {
  include_org = true
}

locals {
  gpus = [
    for cluster in data.tensorpool_clusters.all.clusters :
    provider::tensorpool::parse_instance_type(cluster.instance_type).count * cluster.num_nodes
  ]
}

output "total_gpus" {
  value = sum(concat([0], local.gpus))
}
