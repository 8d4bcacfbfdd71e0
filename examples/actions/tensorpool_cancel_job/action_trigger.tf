variable "dataset_version" {
  type    = string
  default = "1"
}

# The job reads the datasets: a new version of them cancels it.
resource "terraform_data" "datasets" {
  input = var.dataset_version

  lifecycle {
    action_trigger {
      events  = [before_update]
      actions = [action.tensorpool_cancel_job.training]
    }
  }
}

action "tensorpool_cancel_job" "training" {
  config {
    job_id = "j-abc123"
  }
}
