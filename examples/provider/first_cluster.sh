export TENSORPOOL_KEY=...   # from TensorPool's web dashboard
terraform init
terraform apply             # ends when the node runs, and prints how to log in to it
terraform destroy           # ends when the cluster is destroyed, and nothing is billed any more
