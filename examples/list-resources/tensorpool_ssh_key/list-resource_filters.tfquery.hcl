# Both filters have to match. Each result has all attributes of the resource.
list "tensorpool_ssh_key" "laptops" {
  provider         = tensorpool
  include_resource = true

  config {
    include_org   = true
    name_contains = "laptop"
  }
}
