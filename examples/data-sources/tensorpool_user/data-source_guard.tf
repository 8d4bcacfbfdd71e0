variable "org_id" {
  description = "The organization to which everything here belongs."
  type        = string
  default     = "o-abc123"
}

# Stops a run with the API key of another organization.
data "tensorpool_user" "me" {
  lifecycle {
    postcondition {
      condition     = self.org_id == var.org_id
      error_message = "The API key belongs to organization ${coalesce(self.org_id, "none")}."
    }
  }
}
