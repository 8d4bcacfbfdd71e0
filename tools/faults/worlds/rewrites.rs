//! How configurations are written in worlds.

use crate::rewrite::Rewrite;

/// Longer limits, where less would hide what happens.
pub(super) const PATIENT: Rewrite =
    Rewrite { name: "patient", texts: &[("\"12s\"", "\"40s\""), ("\"6s\"", "\"25s\"")] };
pub(super) const VERY_PATIENT: Rewrite =
    Rewrite { name: "very-patient", texts: &[("\"12s\"", "\"3m\""), ("\"6s\"", "\"3m\"")] };
/// Names that the API spells in another way.
pub(super) const CAPITALS: Rewrite = Rewrite {
    name: "capitals",
    texts: &[
        ("\"train\"", "\"Train\""),
        ("\"renamed\"", "\"Renamed\""),
        ("\"data\"", "\"Data\""),
        ("\"laptop\"", "\"Laptop\""),
        ("\"desktop\"", "\"Desktop\""),
    ],
};
pub(super) const SPACES: Rewrite = Rewrite {
    name: "spaces",
    texts: &[
        ("\"train\"", "\" train\""),
        ("\"renamed\"", "\"renamed \""),
        ("\"data\"", "\" data \""),
        ("\"laptop\"", "\"laptop \""),
        ("\"desktop\"", "\" desktop\""),
    ],
};
pub(super) const CONTAINER: Rewrite =
    Rewrite { name: "container", texts: &[("  instance_type", "  container = \"ubuntu\"\n  instance_type")] };
pub(super) const NODES: Rewrite = Rewrite {
    name: "nodes",
    texts: &[("\"1xH100\"", "\"8xH100\"\n  num_nodes = 3"), ("\"1xH200\"", "\"8xH200\"\n  num_nodes = 3")],
};
pub(super) const NEW_TYPE: Rewrite = Rewrite { name: "new-type", texts: &[("\"1xH100\"", "\"1xZ9000\"")] };
/// What a user chooses who reads that a name is taken.
pub(super) const OTHER_NAMES: Rewrite = Rewrite {
    name: "other-names",
    texts: &[("\"train\"", "\"train-2\""), ("\"data\"", "\"data-2\""), ("\"data-set\"", "\"data-set-2\"")],
};
