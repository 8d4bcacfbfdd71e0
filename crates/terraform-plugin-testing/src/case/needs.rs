//! What a case or a step needs of the CLI.

use std::ops::{Bound, RangeBounds};

use crate::cli::Cli;
use crate::feature::Feature;

/// What a case or a step needs of the CLI.
#[derive(Default)]
pub(super) struct Needs {
    features: Vec<Feature>,
    versions: Option<(Bound<Version>, Bound<Version>)>,
}

/// Major and minor.
type Version = (u64, u64);

impl Needs {
    pub fn feature(&mut self, feature: Feature) {
        self.features.push(feature);
    }

    pub fn versions(&mut self, versions: &impl RangeBounds<(u64, u64)>) {
        self.versions = Some((versions.start_bound().cloned(), versions.end_bound().cloned()));
    }

    /// What a CLI does not have of it.
    pub fn lacking(&self, cli: &Cli) -> Option<String> {
        if let Some(feature) = self.features.iter().find(|feature| !feature.is_in(cli)) {
            return Some(format!("{cli} does not have {}", feature.name()));
        }
        let versions = self.versions.filter(|versions| !versions.contains(&cli.version))?;
        let bound = |bound: Bound<(u64, u64)>, including: &str, excluding: &str| match bound {
            Bound::Included((major, minor)) => format!(" {including} {major}.{minor}"),
            Bound::Excluded((major, minor)) => format!(" {excluding} {major}.{minor}"),
            Bound::Unbounded => String::new(),
        };
        let (start, end) = (bound(versions.0, "from", "after"), bound(versions.1, "up to", "before"));
        Some(format!("this is for versions{start}{end}, and not for {cli}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cli_lacks_is_said() {
        let cli = |text: &str| Cli::parse(text).expect("it is one");
        let (old, new) = (cli("Terraform v1.11.4"), cli("Terraform v1.14.0"));
        let mut queries = Needs::default();
        assert_eq!(queries.lacking(&old), None);
        queries.feature(Feature::Queries);
        assert_eq!(queries.lacking(&new), None);
        assert_eq!(queries.lacking(&old).as_deref(), Some("Terraform 1.11.4 does not have queries"));
        let lacking = |from: Bound<Version>, to: Bound<Version>, cli: &Cli| {
            let mut needs = Needs::default();
            needs.versions(&(from, to));
            needs.lacking(cli)
        };
        let (from, before) = (Bound::Included((1, 12)), Bound::Excluded((1, 14)));
        assert_eq!(lacking(from, Bound::Unbounded, &new), None);
        let text = "this is for versions from 1.12, and not for Terraform 1.11.4";
        assert_eq!(lacking(from, Bound::Unbounded, &old).as_deref(), Some(text));
        let text = "this is for versions from 1.12 before 1.14, and not for Terraform 1.14.0";
        assert_eq!(lacking(from, before, &new).as_deref(), Some(text));
        let text = "this is for versions after 1.12 up to 1.13, and not for Terraform 1.14.0";
        assert_eq!(lacking(Bound::Excluded((1, 12)), Bound::Included((1, 13)), &new).as_deref(), Some(text));
    }
}
