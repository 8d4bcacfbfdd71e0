terraform {
  required_providers {
    tensorpool = {
      source = "tensorpool/tensorpool"
    }
  }
}

# The API key comes from the environment variable TENSORPOOL_KEY.
provider "tensorpool" {}
