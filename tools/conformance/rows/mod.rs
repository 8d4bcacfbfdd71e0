//! What is claimed: a row for each RPC and for each feature.

mod around;
mod features;
mod newer;
mod rpcs;

use std::fmt;

/// Everything that is claimed.
pub const CLAIMS: Claims =
    Claims { rpcs: &rpcs::RPCS, features: &[&features::FEATURES, &newer::FEATURES, &around::FEATURES] };

/// Rows.
pub struct Claims {
    pub rpcs: &'static [Rpc],
    pub features: &'static [&'static [Feature]],
}

impl Claims {
    /// The rows of features, in their order.
    pub fn features(&self) -> impl Iterator<Item = &'static Feature> {
        self.features.iter().copied().flatten()
    }

    /// Every test that a row names.
    pub fn tests(&self) -> impl Iterator<Item = Test> {
        let of_rpcs = self.rpcs.iter().flat_map(|row| row.tests);
        of_rpcs.chain(self.features().flat_map(|row| row.tests)).copied()
    }
}

/// Since when the protocol has something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Since {
    /// A minor version of protocol 6, and the minor version of the first Terraform 1 with it.
    Minor(u64, u64),
    /// It is go-plugin's, which starts the process and carries the protocol.
    GoPlugin,
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minor(protocol, terraform) => write!(f, "6.{protocol} (1.{terraform})"),
            Self::GoPlugin => write!(f, "go-plugin"),
        }
    }
}

/// Whether something is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// It is.
    Yes,
    /// It is not.
    No {
        /// What a client gets.
        answer: &'static str,
        /// Why it is not.
        why: &'static str,
    },
}

/// What becomes of state stores.
const NO_STORES: Served = Served::No {
    answer: "`UNIMPLEMENTED`, the provider has no state stores",
    why: "State stores are an experiment of Terraform, which is still changing them.",
};

/// An RPC.
#[derive(Clone, Copy)]
pub struct Rpc {
    /// Its service, for example `Provider`.
    pub service: &'static str,
    pub name: &'static str,
    pub since: Since,
    pub served: Served,
    /// The file that answers, below the crate's `src/`.
    pub source: &'static str,
    pub tests: &'static [Test],
}

/// A feature.
#[derive(Clone, Copy)]
pub struct Feature {
    pub since: Since,
    /// What it is, as a reader looks for it.
    pub what: &'static str,
    /// The fields of the protocol that carry it: `Message.Nested.field`.
    pub fields: &'static [&'static str],
    pub served: Served,
    /// The file that does it, below the crate's `src/`.
    pub source: &'static str,
    pub tests: &'static [Test],
}

/// A test: the directory and the name of its file, and its own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Test {
    directory: &'static str,
    file: &'static str,
    pub name: &'static str,
}

impl Test {
    /// The file below the root of the repository.
    pub fn path(self) -> String {
        format!("{}/{}.rs", self.directory, self.file)
    }
}

/// A test of the example provider, with a real Terraform.
pub const fn notes(file: &'static str, name: &'static str) -> Test {
    Test { directory: "crates/terraform-plugin/examples/terraform-provider-notes/tests/notes", file, name }
}

/// The random configurations of every shape of schema, with a real Terraform.
const SHAPES: Test = Test {
    directory: "crates/terraform-plugin/examples/shapes/tests",
    file: "shapes",
    name: "random_configurations_are_applied_as_they_are_written",
};

/// A test of the TensorPool provider, with a real Terraform.
const fn tensorpool(file: &'static str, name: &'static str) -> Test {
    Test { directory: "tests", file, name }
}

/// A test in which a client of the protocol speaks to a provider's process.
pub const fn client(file: &'static str, name: &'static str) -> Test {
    Test { directory: "crates/terraform-plugin-testing/tests", file, name }
}

/// A unit test of the crate.
pub const fn unit(file: &'static str, name: &'static str) -> Test {
    Test { directory: "crates/terraform-plugin/src", file, name }
}

/// A test of the codec of values.
const fn codec(file: &'static str, name: &'static str) -> Test {
    Test { directory: "crates/terraform-plugin/tests", file, name }
}
