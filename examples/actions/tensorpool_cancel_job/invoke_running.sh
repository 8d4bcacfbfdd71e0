terraform apply -invoke='action.tensorpool_cancel_job.running["j-abc123"]'
