# Needs Terraform 1.12.
import {
  to = tensorpool_user_preferences.mine
  identity = {
    id = "preferences"
  }
}
