import {
  to = tensorpool_ssh_key.laptop
  id = "key_abc123"
}
