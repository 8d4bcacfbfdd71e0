import {
  to = tensorpool_storage.datasets
  identity = {
    id = "s-abc123"
  }
}
