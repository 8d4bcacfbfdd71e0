action "tensorpool_rotate_object_storage_keys" "now" {
  config {
    # The present keys end for everybody in the organization.
    confirm_organization_wide = true
  }
}
