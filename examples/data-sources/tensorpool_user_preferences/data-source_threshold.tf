data "tensorpool_user_preferences" "mine" {}

data "tensorpool_organization" "mine" {}

# Warns in every plan, also where nobody reads the emails.
check "threshold" {
  assert {
    condition     = data.tensorpool_organization.mine.balance >= coalesce(data.tensorpool_user_preferences.mine.balance_warning_threshold, 0)
    error_message = "The balance is below the threshold of ${data.tensorpool_user_preferences.mine.balance_warning_threshold} USD."
  }
}
