//! How long an operation may take where the user does not say.

use std::time::Duration;

use terraform_plugin::Timeouts;
use terraform_plugin::schema::Block;

use crate::errors::Verb;

/// A create.
pub const CREATE: Duration = Duration::from_hours(1);
/// A read, of a resource or a data source.
pub const READ: Duration = Duration::from_mins(5);
/// A change in place.
pub const UPDATE: Duration = Duration::from_mins(20);
/// A delete.
pub const DELETE: Duration = Duration::from_hours(1);
/// The last read after the user's interrupt: Terraform should end within seconds.
pub const LAST_READ: Duration = Duration::from_secs(2);
/// What the journal asks the API while the provider is configured or a plan is computed.
pub const LOOK_UP: Duration = Duration::from_secs(30);
/// What an operation can do without.
pub const QUICK: Duration = Duration::from_secs(10);

/// The block `timeouts` of a resource with these operations, with the defaults of above.
pub fn block(verbs: &[Verb]) -> Block {
    let defaults: Vec<_> = verbs.iter().map(|verb| (verb.infinitive(), in_minutes(default_of(*verb)))).collect();
    let defaults: Vec<_> = defaults.iter().map(|(name, minutes)| (*name, minutes.as_str())).collect();
    Timeouts::block(&defaults)
}

fn default_of(verb: Verb) -> Duration {
    match verb {
        Verb::Create => CREATE,
        Verb::Update => UPDATE,
        Verb::Delete => DELETE,
        Verb::Read | Verb::Import | Verb::LookUp | Verb::Cancel | Verb::Protect | Verb::Rotate => READ,
    }
}

/// A duration as the user writes it.
fn in_minutes(duration: Duration) -> String {
    format!("{}m", duration.as_secs() / 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_whole_minutes() {
        let all = [CREATE, READ, UPDATE, DELETE];
        assert_eq!(all.map(in_minutes), ["60m", "5m", "20m", "60m"]);
        assert!(all.iter().all(|one| one.as_secs() % 60 == 0));
    }
}
