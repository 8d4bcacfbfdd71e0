import {
  to = tensorpool_storage.datasets
  id = "s-abc123"
}
