terraform {
  required_providers {
    tensorpool = {
      source  = "tensorpool/tensorpool"
      version = "~> 0.1"
    }
  }
}

# The API key comes from the environment variable TENSORPOOL_KEY.
provider "tensorpool" {}

resource "tensorpool_cluster" "first" {
  name          = "first"
  instance_type = "1xH100"
}

data "tensorpool_ssh_commands" "first" {
  cluster_id = tensorpool_cluster.first.id
}

output "ssh" {
  value = data.tensorpool_ssh_commands.first.nodes[0].command
}
