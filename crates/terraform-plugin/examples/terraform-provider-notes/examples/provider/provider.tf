terraform {
  required_providers {
    notes = {
      source = "example/notes"
    }
  }
}

provider "notes" {
  directory = "notes"
}
