//! What a version of Terraform can do.

use crate::wire::Capabilities;

/// The newest Terraform that this crate knows.
pub(super) const NEWEST: &str = "1.16.0";

/// What a Terraform can do that matters to a provider.
#[derive(Clone, Copy)]
pub(super) struct Version {
    pub capabilities: Capabilities,
    /// It stores identities, and hands them to the provider.
    pub identities: bool,
}

impl Version {
    /// What the Terraform of this version can do, for example of `1.11.4`. `None` if it is no version.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(str::parse::<u32>);
        let version = (parts.next()?.ok()?, parts.next()?.ok()?);
        let capabilities = Capabilities {
            write_only: version >= (1, 11),
            deferral: false,
            planned_private: version >= (1, 16),
            computed_blocks: version >= (1, 16),
        };
        Some(Self { capabilities, identities: version >= (1, 12) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_can_do_what_came_with_it() {
        for (version, expected) in [
            ("1.10.5", [false, false, false]),
            ("1.11.4", [true, false, false]),
            ("1.12.0", [true, true, false]),
            ("1.16.0-rc1", [true, true, true]),
            (NEWEST, [true, true, true]),
            ("2.0.0", [true, true, true]),
        ] {
            let Version { capabilities, identities } = Version::parse(version).expect("it is a version");
            let can = [capabilities.write_only, identities, capabilities.planned_private];
            assert_eq!((can, capabilities.computed_blocks), (expected, expected[2]), "{version}");
        }
        assert!(["", "1", "new", "v1.11.4", "1.x"].iter().all(|text| Version::parse(text).is_none()));
    }
}
