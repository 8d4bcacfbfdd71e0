terraform {
  required_providers {
    zones = {
      source = "example/zones"
    }
  }
}

# The token stands in the environment variable ZONES_TOKEN.
provider "zones" {}
