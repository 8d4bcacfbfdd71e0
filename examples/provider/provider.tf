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
