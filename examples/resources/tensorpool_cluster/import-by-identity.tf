import {
  to = tensorpool_cluster.training
  identity = {
    id = "c-abc123"
  }
}
