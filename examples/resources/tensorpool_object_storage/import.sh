terraform import tensorpool_object_storage.main o-abc123
