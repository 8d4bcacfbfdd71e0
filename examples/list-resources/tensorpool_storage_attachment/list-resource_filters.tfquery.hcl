# What is attached to one cluster. With storage_id too, both have to match.
list "tensorpool_storage_attachment" "training" {
  provider         = tensorpool
  include_resource = true

  config {
    include_org = true
    cluster_id  = "c-abc123"
  }
}
