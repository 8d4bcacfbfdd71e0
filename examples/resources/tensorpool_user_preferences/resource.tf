# What is left out stays as the account has it.
resource "tensorpool_user_preferences" "mine" {
  notify_email_cluster_create  = true
  notify_email_cluster_destroy = true
  balance_warning_threshold    = 500
}
