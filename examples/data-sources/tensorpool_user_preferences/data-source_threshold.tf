data "tensorpool_user_preferences" "mine" {}

data "tensorpool_organization" "mine" {}

locals {
  # Null if no threshold is set.
  threshold = coalesce(data.tensorpool_user_preferences.mine.balance_warning_threshold, 0)
}

# Warns in every plan, also where nobody reads the emails.
check "threshold" {
  assert {
    condition     = data.tensorpool_organization.mine.balance >= local.threshold
    error_message = "The balance is below the threshold of ${local.threshold} USD."
  }
}
