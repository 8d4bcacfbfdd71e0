# A destroy disables object storage for the whole organization. Without this it is refused.
resource "tensorpool_object_storage" "main" {
  allow_disable = true
}
