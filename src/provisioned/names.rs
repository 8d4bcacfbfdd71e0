//! Names that the provider generates: when a plan asks for a new one, and when it can show it.
//!
//! Terraform plans a create twice, and the second plan has to show the same name. Where it stores what the first one
//! generated, the plan shows the name; for all others it is known after the apply.

use serde_json::Value;
use terraform_plugin::schema::{Attribute, Conflicting, LengthAtLeast};
use terraform_plugin::{Attr, ResourcePlan};

use super::{IMPORTED, Object, Provisioned};
use crate::session::Session;

/// The key of the name in what Terraform stores of a plan.
const KEY: &str = "name";

/// How many random letters a generated name ends with.
const RANDOM: usize = 10;

/// The attribute `name`.
pub fn name_attribute() -> Attribute {
    Attribute::string("The name, unique in the account. Changed in place. Without one, a name is generated.")
        .optional()
        .computed()
        .use_non_null_state_for_unknown()
        .validate(LengthAtLeast(1))
}

/// The attribute `name_prefix`. It is computed only because Terraform 1.14 and newer then leave it out of a generated
/// configuration: it is never anything else than what the configuration says.
pub fn name_prefix_attribute() -> Attribute {
    Attribute::string(
        "Prefix of the generated name; the provider adds 10 random letters. As names are unique, this is what makes \
         `create_before_destroy` possible: the replacement gets a name of its own. A change renames in place, unless the name \
         begins with the new prefix already. The name of an imported object stays.",
    )
    .optional()
    .computed()
    .validate(LengthAtLeast(1))
}

/// What the two must be together.
pub const NAME_OR_PREFIX: Conflicting = Conflicting(&["name", "name_prefix"]);

/// A new name.
pub(super) fn generate<P: Provisioned>(state: &P) -> String {
    let prefix = state.name_prefix().as_str().unwrap_or(P::Object::DESCRIPTOR.prefix);
    let random = std::iter::repeat_with(fastrand::lowercase).take(RANDOM).collect::<String>();
    format!("{prefix}{random}")
}

/// Whether a name may have been generated for a configuration.
pub(super) fn is_generated_for<P: Provisioned>(config: &P, name: &str) -> bool {
    let prefix = config.name_prefix().as_str().unwrap_or(P::Object::DESCRIPTOR.prefix).to_lowercase();
    let random = name.to_lowercase().strip_prefix(&prefix).map(str::to_owned);
    random.is_some_and(|random| random.len() == RANDOM && random.bytes().all(|letter| letter.is_ascii_lowercase()))
}

/// What a create under a generated name asks for: a name of another prefix is no answer to it.
pub(super) fn requested_config<P: Provisioned>(planned: &P) -> Value {
    let mut requested = planned.requested_config();
    if let Some(prefix) = planned.name_prefix().as_str() {
        requested["name_prefix"] = prefix.into();
    }
    requested
}

/// Plans the prefix, and the name of an object whose configuration sets none.
pub(super) async fn plan_name<P: Provisioned>(plan: &mut ResourcePlan<Session, P>) {
    let (Some(config), Some(planned)) = (&plan.config, &mut plan.planned) else { return };
    planned.set_name_prefix(config.name_prefix().clone());
    if !config.name().is_null() {
        return;
    }
    let naming = match &plan.prior {
        Some(_) if plan.private.get(IMPORTED).is_some() => Naming::Keep,
        Some(prior) => renaming(prior.name(), prior.name_prefix(), planned.name_prefix()),
        None if planned.name_prefix().is_unknown() => Naming::Open,
        None => Naming::Generate,
    };
    let name = match naming {
        Naming::Keep => return,
        Naming::Open => Attr::Unknown,
        Naming::Generate => {
            let (name, may_adopt) = (generate(planned), plan.prior.is_none() && may_adopt(plan).await);
            // A create that adopts what a killed run created keeps the name of that one.
            match plan.remembered(KEY, || (!may_adopt).then_some(name)) {
                Attr::Known(Some(name)) => name.into(),
                _ => Attr::Unknown,
            }
        }
    };
    if let Some(planned) = &mut plan.planned {
        *planned.common_mut().name = name;
    }
}

/// Whether the create may adopt an object of a killed run, whose name is another one than could be planned now.
async fn may_adopt<P: Provisioned>(plan: &ResourcePlan<Session, P>) -> bool {
    match plan.session() {
        Some(session) => session.journal().may_adopt_generated(P::Object::DESCRIPTOR.type_name).await,
        None => true,
    }
}

/// What a plan does about a name that the configuration leaves to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    /// It stays.
    Keep,
    /// A new one is generated.
    Generate,
    /// The prefix is not known yet, so neither is the name.
    Open,
}

/// What becomes of the name of an object that exists: another prefix renames it, if the name does not begin with it.
fn renaming(name: &Attr<String>, before: &Attr<String>, prefix: &Attr<String>) -> Naming {
    let begins_with = |prefix: &str| {
        let start = name.as_str().and_then(|name| name.get(..prefix.len()));
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    match prefix {
        Attr::Null => Naming::Keep,
        Attr::Unknown => Naming::Open,
        Attr::Known(prefix) if before.as_str() == Some(prefix) || begins_with(prefix) => Naming::Keep,
        Attr::Known(_) => Naming::Generate,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use terraform_plugin::testing::{planned_again, resource_plan, storing};

    use super::*;
    use crate::defaults::Defaults;
    use crate::storage::StorageModel;

    #[test]
    fn another_prefix_renames_what_does_not_begin_with_it() {
        let (null, unknown, known) = (Attr::Null, Attr::Unknown, |text: &str| Attr::Known(text.to_owned()));
        // The name, the prefix in the state, and the prefix in the configuration.
        let table = [
            ("a-x", known("a-"), known("a-"), Naming::Keep),
            ("renamed", known("a-"), known("a-"), Naming::Keep),
            ("a-x", known("a-"), known("b-"), Naming::Generate),
            ("A-x", known("b-"), known("a-"), Naming::Keep),
            ("a", known("b-"), known("a-"), Naming::Generate),
            ("train", null.clone(), known("a-"), Naming::Generate),
            ("a-x", null.clone(), known("a-"), Naming::Keep),
            ("a-x", known("a-"), null.clone(), Naming::Keep),
            ("a-x", known("a-"), unknown, Naming::Open),
        ];
        for (name, before, prefix, expected) in table {
            assert_eq!(renaming(&known(name), &before, &prefix), expected, "{name} {before:?} {prefix:?}");
        }
    }

    #[test]
    fn a_generated_name_is_the_prefix_and_ten_letters() {
        let (prefixed, bare) =
            (StorageModel::named(Attr::Null, "a-".into()), StorageModel::named(Attr::Null, Attr::Null));
        assert!(is_generated_for(&prefixed, &generate(&prefixed)) && is_generated_for(&bare, &generate(&bare)));
        let table = [
            ("a-abcdefghij", true),
            ("A-ABCDEFGHIJ", true),
            ("a-abcdefghi", false),
            ("a-abcdefghi1", false),
            ("b-abcdefghij", false),
        ];
        for (name, expected) in table {
            assert_eq!(is_generated_for(&prefixed, name), expected, "{name}");
        }
        assert!(!is_generated_for(&bare, "a-abcdefghij"));
    }

    fn plan(prior: Option<StorageModel>) -> ResourcePlan<Session, StorageModel> {
        let session = Arc::new(Session::unknown("api_key", Defaults::default()));
        let name = if prior.is_some() { "old".into() } else { Attr::Unknown };
        resource_plan(
            Some(session),
            prior,
            Some(StorageModel::named(Attr::Null, "a-".into())),
            Some(StorageModel::named(name, "a-".into())),
        )
    }

    fn planned_name(plan: &ResourcePlan<Session, StorageModel>) -> Attr<String> {
        plan.planned.as_ref().expect("it is no destroy").name().clone()
    }

    #[tokio::test]
    async fn a_plan_shows_the_generated_name_where_terraform_stores_it() {
        let mut older = plan(None);
        plan_name(&mut older).await;
        assert_eq!(planned_name(&older), Attr::Unknown);
        let mut first = storing(plan(None));
        plan_name(&mut first).await;
        let name = planned_name(&first);
        assert!(name.as_str().is_some_and(|name| name.starts_with("a-") && name.len() == 12), "{name:?}");
        let mut second = planned_again(plan(None), first);
        plan_name(&mut second).await;
        assert_eq!(planned_name(&second), name);
    }

    #[tokio::test]
    async fn an_imported_object_keeps_its_name() {
        let prior = || Some(StorageModel::named("old".into(), Attr::Null));
        let mut imported = plan(prior());
        imported.private.set(IMPORTED, Vec::<&str>::new());
        plan_name(&mut imported).await;
        assert_eq!(planned_name(&imported), "old".into());
        let mut renamed = plan(prior());
        plan_name(&mut renamed).await;
        assert_eq!(planned_name(&renamed), Attr::Unknown);
    }

    #[test]
    fn what_is_asked_for_holds_the_prefix_if_there_is_one() {
        assert_eq!(requested_config(&StorageModel::named(Attr::Null, "a-".into()))["name_prefix"], "a-");
        let without = StorageModel::named(Attr::Null, Attr::Null);
        assert_eq!(requested_config(&without), without.requested_config());
    }
}
