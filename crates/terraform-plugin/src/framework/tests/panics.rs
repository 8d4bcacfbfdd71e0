//! Code of the author that panics, at every place where it is called.

use async_trait::async_trait;

use super::{Thing, call, stored, thing};
use crate::diagnostic::Diagnostics;
use crate::framework::{AnyResource, PlanInput, ResourceServer};
use crate::operation::Operation;
use crate::path::AttributePath;
use crate::resource::Resource;
use crate::schema::{Attribute, ConfigValidator, PlanModifier, PlannedAttribute, Schema, ValidateRequest, Validator};
use crate::value::{Type, Value};

/// A resource one of whose rules panics.
struct Panicking(&'static str);

struct Panics;

impl ConfigValidator for Panics {
    fn validate(&self, _: &ValidateRequest<'_>, _: &mut Diagnostics) {
        panic!("no config validator");
    }

    fn paths(&self) -> Vec<&str> {
        vec!["id", "name"]
    }
}

impl Validator for Panics {
    fn validate(&self, _: &ValidateRequest<'_>, _: &mut Diagnostics) {
        panic!("no validator");
    }
}

impl PlanModifier for Panics {
    fn modify(&self, _: &mut PlannedAttribute<'_>) {
        panic!("no modifier");
    }
}

#[async_trait]
impl Resource for Panicking {
    type Session = ();
    type Model = Thing;

    fn type_name(&self) -> &'static str {
        "t_thing"
    }

    fn schema(&self) -> Schema {
        let name = Attribute::string("Name.");
        let name = if self.0 == "default" { name } else { name.required() };
        let name = match self.0 {
            "validator" => name.validate(Panics),
            "modifier" => name.modify(Panics),
            "default" => name.default_with(|_| -> String { panic!("no default") }),
            "equivalence" => name.equivalent_when(|_, _| panic!("no equivalence")),
            _ => name,
        };
        let schema = Schema::new("A thing.")
            .attribute("id", Attribute::string("Id.").computed())
            .attribute("name", name)
            .attribute("tags", Attribute::set(Type::String, "Tags.").optional());
        if self.0 == "config validator" { schema.config_validator(Panics) } else { schema }
    }

    async fn validate(&self, _: Thing) -> Result<(), Diagnostics> {
        if self.0 == "validate" { panic!("no validate") } else { Ok(()) }
    }

    async fn create(&self, _: &mut Operation<(), Thing>, _: Thing) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<(), Thing>, state: Thing) -> Result<(), Diagnostics> {
        operation.save(Thing { name: "n".into(), ..state });
        Ok(())
    }

    async fn update(&self, _: &mut Operation<(), Thing>, _: Thing, _: Thing) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn delete(&self, _: &mut Operation<(), Thing>, _: Thing) -> Result<(), Diagnostics> {
        Ok(())
    }
}

#[tokio::test]
async fn a_panic_in_any_of_the_authors_code_is_reported_with_its_place() {
    let config = |which| match which {
        "default" => Value::object([("id", Value::Null), ("name", Value::Null), ("tags", Value::Null)]),
        _ => thing(Value::Null, "n", Value::Null),
    };
    let (state, before) = (|| thing("t-1".into(), "n", Value::Null), || thing("t-1".into(), "N", Value::Null));
    let places = [
        ("validator", "validate name", Some("name")),
        ("config validator", "validate id, name together", None),
        ("validate", "validate t_thing", None),
        ("modifier", "plan name", Some("name")),
        ("default", "choose the default of name", Some("name")),
        ("equivalence", "compare the values of name", Some("name")),
    ];
    for (which, place, path) in places {
        let resource = ResourceServer::new(Panicking(which));
        let mut reported = resource.validate(config(which), true, false).await;
        if reported.is_empty() {
            let input =
                PlanInput { prior: stored(before()), proposed: state(), config: config(which), earlier_private: None };
            reported = resource.plan(call(false), input).await.diagnostics;
        }
        let [reported] = reported.into_iter().collect::<Vec<_>>().try_into().expect("it is reported once");
        let start = format!("While it was asked to {place}, the provider panicked: no {which}");
        assert!(reported.is_error() && reported.detail.starts_with(&start), "{}", reported.detail);
        assert_eq!(reported.path, path.map(AttributePath::of));
    }
    let outcome = ResourceServer::new(Panicking("equivalence")).read(call(false), stored(before())).await;
    assert_eq!(outcome.state, state());
    assert!(outcome.diagnostics.has_errors());
}
