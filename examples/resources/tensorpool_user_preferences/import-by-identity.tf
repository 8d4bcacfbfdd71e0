import {
  to = tensorpool_user_preferences.mine
  identity = {
    id = "preferences"
  }
}
