import {
  to = tensorpool_object_storage.main
  id = "o-abc123"
}
