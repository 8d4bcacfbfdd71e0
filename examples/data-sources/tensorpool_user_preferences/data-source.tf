data "tensorpool_user_preferences" "mine" {}

# Warns where nothing refills the balance of an account that trains for days.
check "autopay" {
  assert {
    condition     = data.tensorpool_user_preferences.mine.autopay_enabled
    error_message = "Autopay is not enabled: nothing refills the balance."
  }
}

output "autopay" {
  value = data.tensorpool_user_preferences.mine.autopay_enabled
}
