data "tensorpool_cluster_quote" "training" {
  instance_type = "8xH100"
  num_nodes     = 2
}

data "tensorpool_organization" "mine" {}

# Warns if the balance does not last for a week of this cluster.
check "balance" {
  assert {
    condition     = data.tensorpool_organization.mine.balance > data.tensorpool_cluster_quote.training.hourly_rate * 24 * 7
    error_message = "The balance of ${data.tensorpool_organization.mine.balance} USD does not last for a week."
  }
}
