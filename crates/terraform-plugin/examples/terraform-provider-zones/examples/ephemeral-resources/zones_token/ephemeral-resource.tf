ephemeral "zones_token" "deploy" {
  zone     = "example.com"
  lifetime = 60
}

provider "zones" {
  alias = "deploy"
  token = ephemeral.zones_token.deploy.token
}
