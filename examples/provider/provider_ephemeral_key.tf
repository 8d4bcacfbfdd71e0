variable "tensorpool_key" {
  type      = string
  ephemeral = true
}

provider "tensorpool" {
  api_key = var.tensorpool_key
}
