//! What tests need of a CLI, and which versions of Terraform and of OpenTofu have it.

use std::io::Write as _;

use crate::cli::{Cli, Product};
use crate::left_out::{left_out, this_test};

use Versions::{Always, From, Never, Until};

/// A file to which every test that was left out adds a line: its name.
const SKIPPED: &str = "TERRAFORM_PLUGIN_TESTING_SKIPPED";

/// Something that some tests need, and that not every CLI has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Ephemeral resources, and variables that are ephemeral.
    EphemeralValues,
    /// Write-only attributes.
    WriteOnlyAttributes,
    /// Identities of resources, in states and in `import` blocks.
    Identities,
    /// List resources, and the command that queries them.
    Queries,
    /// Actions, invoked by a command or a trigger.
    Actions,
    /// Configurations that the provider generates, without a line for what says nothing.
    GeneratedConfigurations,
    /// A generated configuration for an `import` block that names no provider.
    GenerationWithoutProvider,
    /// Private data of a plan, which the plan before the apply gets.
    PrivateDataOfPlans,
    /// Blocks that the provider chooses where they are left out.
    ComputedBlocks,
    /// Triggers of actions before and after a destroy.
    DestroyTriggers,
    /// `destroy = false` in the `lifecycle` of a resource.
    LifecycleWithoutDestroy,
    /// Elements of nested attributes that are null: what has not this panics when they are planned.
    NullElements,
    /// A condition of a test that is not known fails it: what has not this passes it.
    FailedUnknownConditions,
    /// Functions of a provider that is not configured.
    FunctionsWithoutConfiguration,
    /// A generated configuration for a resource with nested attributes: what has not this panics.
    GenerationOfNestedAttributes,
}

/// The versions of a CLI that have a feature.
#[derive(Clone, Copy, Debug)]
enum Versions {
    /// All that are tested.
    Always,
    /// This one and newer ones.
    From(u64, u64),
    /// This one and older ones.
    Until(u64, u64),
    /// None that is known.
    Never,
}

/// Each feature, in the order of their declaration: what it is called, and which versions of Terraform and of OpenTofu have it.
const TABLE: [(Feature, &str, Versions, Versions); 15] = [
    (Feature::EphemeralValues, "ephemeral values", From(1, 10), From(1, 11)),
    (Feature::WriteOnlyAttributes, "write-only attributes", From(1, 11), From(1, 11)),
    (Feature::Identities, "identities", From(1, 12), From(1, 12)),
    (Feature::Queries, "queries", From(1, 14), Never),
    (Feature::Actions, "actions", From(1, 14), Never),
    (Feature::GeneratedConfigurations, "generated configurations", From(1, 14), Never),
    (Feature::GenerationWithoutProvider, "generation without a provider", Until(1, 15), Always),
    (Feature::PrivateDataOfPlans, "private data of plans", From(1, 16), Never),
    (Feature::ComputedBlocks, "computed blocks", From(1, 16), Never),
    (Feature::DestroyTriggers, "triggers of a destroy", From(1, 16), Never),
    (Feature::LifecycleWithoutDestroy, "a lifecycle without destroy", From(1, 16), From(1, 12)),
    (Feature::NullElements, "null elements", Always, Never),
    (Feature::FailedUnknownConditions, "failed conditions that are not known", Always, Never),
    (Feature::FunctionsWithoutConfiguration, "functions without a configuration", Always, From(1, 11)),
    (Feature::GenerationOfNestedAttributes, "generation of nested attributes", Always, From(1, 11)),
];

impl Feature {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(feature, ..)| *feature)
    }

    /// The feature that is called this.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TABLE.iter().find(|(_, known, ..)| *known == name).map(|(feature, ..)| *feature)
    }

    /// What it is called.
    pub(crate) fn name(self) -> &'static str {
        TABLE[self as usize].1
    }

    /// Whether a CLI has it.
    #[must_use]
    pub fn is_in(self, cli: &Cli) -> bool {
        let (_, _, terraform, opentofu) = TABLE[self as usize];
        let versions = match cli.product {
            Product::Terraform => terraform,
            Product::OpenTofu => opentofu,
        };
        match versions {
            Always => true,
            From(major, minor) => cli.version >= (major, minor),
            Until(major, minor) => cli.version <= (major, minor),
            Never => false,
        }
    }
}

/// Whether the CLI at hand has something.
///
/// # Panics
/// If there is no CLI.
#[must_use]
pub fn has(feature: Feature) -> bool {
    feature.is_in(Cli::at_hand())
}

/// Whether the CLI at hand has what a test needs. A test begins with it, and returns where the answer is no; that it was left out
/// stands on standard error and in `make matrix`.
///
/// ```no_run
/// use terraform_plugin_testing::{Feature, requires};
///
/// if !requires(Feature::Actions) {
///     return;
/// }
/// ```
///
/// # Panics
/// If there is no CLI.
#[must_use]
pub fn requires(feature: Feature) -> bool {
    let has = has(feature);
    if !has {
        let test = this_test();
        left_out(&test, &format!("{} does not have what it needs, {}", Cli::at_hand(), feature.name()));
        note_left_out(&test);
    }
    has
}

/// Adds a test to the list of those that were left out, if somebody wants one.
pub(crate) fn note_left_out(test: &str) {
    if let Some(path) = std::env::var_os(SKIPPED) {
        let mut file =
            std::fs::OpenOptions::new().create(true).append(true).open(path).expect("the list can be written");
        file.write_all(format!("{test}\n").as_bytes()).expect("the list can be written");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_stands_in_the_table_at_its_place_and_under_a_name_of_its_own() {
        for (place, (feature, name, ..)) in TABLE.into_iter().enumerate() {
            assert_eq!(feature as usize, place);
            assert_eq!(Feature::named(name), Some(feature));
            assert_eq!(Feature::all().nth(place), Some(feature));
        }
        assert_eq!(Feature::named("wings"), None);
    }

    #[test]
    fn a_version_has_what_came_with_it_and_what_went_later() {
        for (feature, cli, expected) in [
            (Feature::Identities, "Terraform v1.11.4", false),
            (Feature::Identities, "Terraform v1.12.0", true),
            (Feature::EphemeralValues, "Terraform v1.10.5", true),
            (Feature::EphemeralValues, "OpenTofu v1.10.5", false),
            (Feature::EphemeralValues, "OpenTofu v2.0.0", true),
            (Feature::Actions, "Terraform v1.14.0-beta1", true),
            (Feature::Actions, "OpenTofu v1.14.0", false),
            (Feature::GenerationWithoutProvider, "Terraform v1.15.5", true),
            (Feature::GenerationWithoutProvider, "Terraform v1.16.0", false),
            (Feature::GenerationWithoutProvider, "OpenTofu v1.16.0", true),
        ] {
            assert_eq!(feature.is_in(&Cli::parse(cli).expect("it is one")), expected, "{feature:?} in {cli}");
        }
    }
}
