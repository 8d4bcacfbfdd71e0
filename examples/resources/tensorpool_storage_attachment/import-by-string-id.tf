import {
  to = tensorpool_storage_attachment.datasets
  id = "s-abc123/c-abc123"
}
