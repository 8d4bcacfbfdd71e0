# The id comes from an error or from the log.
data "tensorpool_request" "destroy" {
  request_id = "req_abc123"
}

output "request" {
  value = "${data.tensorpool_request.destroy.request_type} is ${data.tensorpool_request.destroy.status}"
}
