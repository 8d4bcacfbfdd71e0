terraform apply -invoke=action.tensorpool_cancel_job.stop
