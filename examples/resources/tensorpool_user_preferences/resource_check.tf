resource "tensorpool_user_preferences" "mine" {
  notify_email_cluster_create  = true
  notify_email_cluster_destroy = true
}

# What is left out is read: here, whether anything refills the balance.
check "autopay" {
  assert {
    condition     = tensorpool_user_preferences.mine.autopay_enabled
    error_message = "Autopay is not enabled: nothing refills the balance."
  }
}
