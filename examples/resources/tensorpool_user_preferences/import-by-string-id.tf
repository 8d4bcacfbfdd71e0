import {
  to = tensorpool_user_preferences.mine
  id = "preferences"
}
