variables {
  name = "module-test"
  gpus = 16
}

run "gpus_become_nodes" {
  assert {
    condition     = length(output.addresses) == 2
    error_message = "16 GPUs are two nodes."
  }

  assert {
    condition     = alltrue([for node in tensorpool_cluster.training.instances : node.status == "RUNNING"])
    error_message = "A node does not run."
  }
}

# Only planned: the id of a cluster that would be replaced is not known in a plan. Terraform fails a condition that is not known;
# OpenTofu passes it.
run "a_rename_keeps_the_cluster" {
  command = plan

  variables {
    name = "module-test-renamed"
  }

  assert {
    condition     = output.cluster_id != ""
    error_message = "The cluster would be replaced."
  }
}

# Only planned: what is protected could not be destroyed at the end of the test.
run "production_is_protected" {
  command = plan

  variables {
    production = true
  }

  assert {
    condition     = tensorpool_cluster.training.deletion_protection
    error_message = "A production cluster can be destroyed."
  }
}

run "half_a_node_is_refused" {
  command = plan

  variables {
    gpus = 12
  }

  expect_failures = [var.gpus]
}
