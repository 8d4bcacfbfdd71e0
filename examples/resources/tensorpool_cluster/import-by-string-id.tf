import {
  to = tensorpool_cluster.training
  id = "c-abc123"
}
