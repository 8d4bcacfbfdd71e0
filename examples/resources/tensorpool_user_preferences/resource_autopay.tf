# The saved payment method is charged when the balance falls below 200 USD.
resource "tensorpool_user_preferences" "mine" {
  autopay_enabled           = true
  balance_warning_threshold = 500
  autopay_reload_threshold  = 200
}
