terraform import tensorpool_cluster.training c-abc123
