variable "name" {
  description = "How the cluster is called, and how the names of everything else begin."
  type        = string
  default     = "training"
}

variable "instance_type" {
  description = "What each node is."
  type        = string
  default     = "8xH100"
}

variable "num_nodes" {
  description = "How many nodes. Volumes can be attached to clusters of at least two."
  type        = number
  default     = 2
}

variable "public_key" {
  description = "The SSH public key that opens the nodes, as in ~/.ssh/id_ed25519.pub."
  type        = string
}

variable "dataset_gb" {
  description = "How large the volume is, in GB. It can grow, and never shrinks."
  type        = number
  default     = 1000
}

variable "protect_datasets" {
  description = "Whether the volume refuses to be destroyed, and with it the destroy of the whole stack."
  type        = bool
  default     = true
}
