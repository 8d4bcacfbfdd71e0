# The same number of GPUs, in nodes of several kinds.
locals {
  candidates = {
    "8xH100" = 2
    "8xH200" = 2
    "1xH100" = 16
  }
}

data "tensorpool_cluster_quote" "candidate" {
  for_each = local.candidates

  instance_type = each.key
  num_nodes     = each.value
}

output "usd_per_30_days" {
  value = { for instance_type, quote in data.tensorpool_cluster_quote.candidate : instance_type => quote.hourly_rate * 24 * 30 }
}
