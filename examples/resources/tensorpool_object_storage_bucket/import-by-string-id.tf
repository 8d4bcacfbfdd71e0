import {
  to = tensorpool_object_storage_bucket.datasets
  id = "training-datasets"
}
