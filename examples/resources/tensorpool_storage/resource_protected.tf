resource "tensorpool_storage" "checkpoints" {
  name    = "checkpoints"
  size_gb = 2000

  # A plan that would destroy the volume is refused.
  deletion_protection = true

  timeouts {
    create = "30m"
  }
}
