locals {
  size_gb = 5000
}

data "tensorpool_storage_quote" "archive" {
  size_gb = local.size_gb
}

resource "tensorpool_storage" "archive" {
  name_prefix = "archive-"
  size_gb     = local.size_gb

  lifecycle {
    precondition {
      condition     = data.tensorpool_storage_quote.archive.hourly_rate * 24 * 30 <= 1000
      error_message = "The volume would cost more than 1000 USD in 30 days."
    }
  }
}
