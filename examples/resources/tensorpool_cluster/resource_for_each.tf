locals {
  teams = {
    vision   = { instance_type = "1xH100", num_nodes = 1 }
    language = { instance_type = "8xH200", num_nodes = 2 }
  }
}

resource "tensorpool_cluster" "team" {
  for_each = local.teams

  name          = "team-${each.key}"
  instance_type = each.value.instance_type
  num_nodes     = each.value.num_nodes
}

output "gpus" {
  value = {
    for team, cluster in tensorpool_cluster.team :
    team => provider::tensorpool::parse_instance_type(cluster.instance_type).count * cluster.num_nodes
  }
}
