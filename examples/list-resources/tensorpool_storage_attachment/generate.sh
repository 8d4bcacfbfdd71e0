terraform query                                     # what there is
terraform query -generate-config-out=generated.tf   # its resource and import blocks
terraform plan                                      # what they would import, and that nothing changes
terraform apply
