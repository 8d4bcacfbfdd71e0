terraform import tensorpool_storage_attachment.datasets s-abc123/c-abc123
