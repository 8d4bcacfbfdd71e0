import {
  to = tensorpool_object_storage_bucket.datasets
  identity = {
    name = "training-datasets"
  }
}
