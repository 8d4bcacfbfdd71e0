import {
  to = tensorpool_storage_attachment.datasets
  identity = {
    storage_id = "s-abc123"
    cluster_id = "c-abc123"
  }
}
