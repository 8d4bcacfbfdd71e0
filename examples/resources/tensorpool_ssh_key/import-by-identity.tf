import {
  to = tensorpool_ssh_key.laptop
  identity = {
    id = "key_abc123"
  }
}
