data "tensorpool_clusters" "mine" {}

locals {
  unprotected = [for cluster in data.tensorpool_clusters.mine.clusters : cluster.name if cluster.deletion_protection == false]
}

check "protection" {
  assert {
    condition     = length(local.unprotected) == 0
    error_message = "Without deletion protection: ${join(", ", local.unprotected)}."
  }
}
