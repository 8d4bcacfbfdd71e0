variable "personal_key" {
  type      = string
  ephemeral = true
}

variable "organization_key" {
  type      = string
  ephemeral = true
}

provider "tensorpool" {
  api_key = var.personal_key
}

provider "tensorpool" {
  alias   = "organization"
  api_key = var.organization_key
}

data "tensorpool_user" "me" {}

data "tensorpool_user" "organization" {
  provider = tensorpool.organization
}

output "organizations" {
  value = [data.tensorpool_user.me.org_id, data.tensorpool_user.organization.org_id]
}
