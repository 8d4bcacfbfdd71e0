terraform import tensorpool_storage.datasets s-abc123
