data "tensorpool_request" "destroy" {
  request_id = "req_abc123"
}

# Warns with TensorPool's own words.
check "request" {
  assert {
    condition     = data.tensorpool_request.destroy.status != "FAILED"
    error_message = "${data.tensorpool_request.destroy.request_type} of ${coalesce(data.tensorpool_request.destroy.object_id, "an object")} failed: ${coalesce(data.tensorpool_request.destroy.message, "no reason given")}"
  }
}
