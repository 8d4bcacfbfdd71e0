"""The module of examples/testing, tested with tftest against a simulated TensorPool."""

import os

import pytest
import tftest

TWO_NODES = {"name": "module-test", "gpus": 16}
RENAMED = {"name": "module-test-renamed", "gpus": 16}


@pytest.fixture(scope="module")
def module():
    module = tftest.TerraformTest(os.getcwd(), binary=os.environ["TF"])
    module.setup()
    return module


@pytest.fixture(scope="module")
def applied(module):
    module.apply(tf_vars=TWO_NODES)
    yield module.output()
    module.destroy(tf_vars=TWO_NODES)


def actions(plan):
    return {address: change["change"]["actions"] for address, change in plan.resource_changes.items()}


def test_gpus_become_nodes(module):
    plan = module.plan(output=True, tf_vars=TWO_NODES)
    cluster = plan.resources["tensorpool_cluster.training"]["values"]
    assert (cluster["instance_type"], cluster["num_nodes"]) == ("8xH100", 2)


def test_half_a_node_is_refused(module):
    with pytest.raises(tftest.TerraformTestError, match="GPUs come in nodes of 8"):
        module.plan(tf_vars={"name": "module-test", "gpus": 12})


def test_the_cluster_has_an_address_for_each_node(applied):
    assert applied["cluster_id"].startswith("c-")
    assert len(applied["addresses"]) == 2


def test_the_next_plan_is_empty(module, applied):
    plan = module.plan(output=True, tf_vars=TWO_NODES)
    assert actions(plan) == {"tensorpool_cluster.training": ["no-op"]}


def test_a_rename_is_planned_in_place(module, applied):
    plan = module.plan(output=True, tf_vars=RENAMED)
    assert actions(plan) == {"tensorpool_cluster.training": ["update"]}
