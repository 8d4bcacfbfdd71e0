data "tensorpool_object_storage_buckets" "training" {
  name_contains = "training-"
}

output "buckets" {
  value = data.tensorpool_object_storage_buckets.training.buckets[*].name
}
