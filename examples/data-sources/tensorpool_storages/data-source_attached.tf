data "tensorpool_cluster" "training" {
  name = "training"
}

data "tensorpool_storages" "training" {
  attached_to = data.tensorpool_cluster.training.id
}

output "sizes" {
  value = { for volume in data.tensorpool_storages.training.storages : volume.name => volume.size_gb }
}
