//! The schema of the resource `tensorpool_cluster`.

use terraform_plugin::schema::{
    AtLeast, AtMost, Attribute, IdentitySchema, LengthAtLeast, Nesting, Schema, Undescribed, predicate,
};
use terraform_plugin::value::{Type, Value};

use crate::provisioned::{NAME_OR_PREFIX, PROTECTION_DEFAULT, name_attribute, name_prefix_attribute, timeouts};
use crate::public_key::{are_same_keys, check_keys};

/// When a cluster was created, computed.
pub(super) fn created_at_attribute() -> Attribute {
    Attribute::string(
        "When the cluster was created, in ISO 8601: as the API returns it for the cluster, or else for the request that created \
         it. Null if it returns neither.",
    )
    .computed()
}

/// The nodes of a cluster, computed.
pub(super) fn instances_attribute() -> Attribute {
    Attribute::nested(
        Nesting::List,
        [
            ("id", Attribute::string("The id of the node.").computed()),
            (
                "status",
                Attribute::string("The status of the node, for example `RUNNING`. TensorPool documents no others.")
                    .computed(),
            ),
            (
                "ip_address",
                Attribute::string("The address of the node. Null if the API does not return it.").computed(),
            ),
        ],
        "The nodes of the cluster.",
    )
    .computed()
}

pub(super) fn schema() -> Schema {
    Schema::new(
        "A cluster of one or more GPU machines. It costs money for as long as it exists, and its local disks are lost when it \
         is destroyed or replaced.",
    )
        .noun("cluster")
        .identity(IdentitySchema::of("id", "The id of the cluster."))
        .attribute("id", Attribute::string("The id of the cluster.").computed().use_non_null_state_for_unknown())
        .attribute("name", name_attribute())
        .attribute("name_prefix", name_prefix_attribute())
        .attribute(
            "instance_type",
            Attribute::string("Instance type of every node, for example `8xH100`.")
                .required()
                .requires_replace()
                .validate(LengthAtLeast(1)),
        )
        .attribute(
            "num_nodes",
            Attribute::integer("Number of nodes.")
                .default(1)
                .requires_replace()
                .validate(AtLeast(1))
                .validate(Undescribed(AtMost(u32::MAX))),
        )
        .attribute(
            "deletion_protection",
            Attribute::bool(
                "Whether deletion protection is enabled. Changed in place. A plan that would destroy or replace a protected \
                 cluster is refused: set this to `false` and apply first.",
            )
            .default(false)
            .default_is(PROTECTION_DEFAULT),
        )
        .attribute(
            "public_keys",
            Attribute::list(
                Type::String,
                "SSH public keys for this cluster, in addition to those of the account. They are compared by type and key, \
                 so another comment is no change.",
            )
            .default(Value::List(Vec::new()))
            .equivalent_when(are_same_keys)
            .requires_replace()
            .validate(predicate(check_keys).saying("must be SSH public keys in OpenSSH's format")),
        )
        .attribute(
            "container",
            Attribute::string("Container image to run on the nodes.")
                .default("")
                .default_is("`\"\"`, which means none")
                .requires_replace(),
        )
        .attribute("created_at", created_at_attribute().use_state_for_unknown())
        .attribute("instances", instances_attribute().use_non_null_state_for_unknown())
        .block("timeouts", timeouts())
        .config_validator(NAME_OR_PREFIX)
}
