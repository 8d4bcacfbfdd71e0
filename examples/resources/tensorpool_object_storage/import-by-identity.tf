import {
  to = tensorpool_object_storage.main
  identity = {
    org_id = "o-abc123"
  }
}
