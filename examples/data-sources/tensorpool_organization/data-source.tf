data "tensorpool_organization" "mine" {}

# Warns before a balance that is too low for the next cluster.
check "balance" {
  assert {
    condition     = data.tensorpool_organization.mine.balance > 1000
    error_message = "The organization has ${data.tensorpool_organization.mine.balance} USD left."
  }
}
