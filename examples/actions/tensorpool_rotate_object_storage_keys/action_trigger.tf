variable "quarter" {
  description = "Another value rotates the keys."
  type        = string
  default     = "2026-Q1"
}

resource "terraform_data" "rotation" {
  input = var.quarter

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.tensorpool_rotate_object_storage_keys.quarterly]
    }
  }
}

action "tensorpool_rotate_object_storage_keys" "quarterly" {
  config {
    confirm_organization_wide = true
  }
}
