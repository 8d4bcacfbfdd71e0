//! Finds elements of a set that are the same once their defaults are put in.
//!
//! Terraform takes those that are written alike for one, but it knows no defaults. It counts the elements of a set attribute that
//! it can follow, and speaks of a bug in the provider if the plan has fewer than the configuration.

use super::walk::{Inside, each};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::schema::Schema;
use crate::value::Value;

/// An error for every set in a planned state of which two elements are the same, and were not in the configuration.
pub(super) fn duplicates(schema: &Schema, config: &Value, planned: &mut Value) -> Diagnostics {
    let mut errors = Diagnostics::new();
    each(schema, config, &Value::Null, planned, &mut |site| {
        if site.item.in_set().is_none() {
            return Inside::Visit;
        }
        // Blocks are not counted, nor is what stands inside a set.
        if site.item.attribute().is_some()
            && site.config.is_wholly_known()
            && let (Value::Set(elements), Value::Set(configured)) = (&*site.planned, site.config)
            && matches!(Value::set(elements.iter().cloned()), Value::Set(distinct) if distinct.len() < configured.len())
        {
            let path = site.path;
            let detail = format!(
                "Elements of {path} are the same once what they leave out has its default. Keep one of each, or let them \
                 differ in an attribute."
            );
            errors.push(Diagnostic::error("Duplicate set element", detail).at(path.clone()));
        }
        Inside::Skip
    });
    errors
}

#[cfg(test)]
mod tests {
    use super::super::planning::plan;
    use crate::operation::Private;
    use crate::schema::{Attribute, Block, BlockNesting, Nesting, Schema};
    use crate::value::Value;

    fn link() -> [(&'static str, Attribute); 2] {
        [
            ("to", Attribute::string("Where to.").required()),
            ("weight", Attribute::integer("How much it weighs.").default(1)),
        ]
    }

    fn links(weights: &[Value]) -> Value {
        let link = |weight: &Value| Value::object([("to", "a".into()), ("weight", weight.clone())]);
        Value::object([("links", Value::Set(weights.iter().map(link).collect()))])
    }

    fn reported(schema: &Schema, weights: &[Value]) -> Vec<String> {
        let config = links(weights);
        let plan = plan(schema, &Value::Null, config.clone(), &config, &Private::default());
        plan.diagnostics.into_iter().map(|one| format!("{}: {}", one.summary, one.detail)).collect()
    }

    #[test]
    fn elements_that_a_default_makes_the_same_are_reported() {
        let schema =
            Schema::new("A thing.").attribute("links", Attribute::nested(Nesting::Set, link(), "Links.").optional());
        let expected = "Duplicate set element: Elements of links are the same once what they leave out has its default. Keep \
                        one of each, or let them differ in an attribute.";
        assert_eq!(reported(&schema, &[Value::Null, 1.into()]), [expected]);
        assert_eq!(reported(&schema, &[Value::Null, 2.into()]), [""; 0]);
        // Whether it is another one is not known yet.
        assert_eq!(reported(&schema, &[Value::Null, Value::unknown()]), [""; 0]);
    }

    #[test]
    fn blocks_that_a_default_makes_the_same_are_one() {
        let block = link()
            .into_iter()
            .fold(Block::new(BlockNesting::Set, "Links."), |block, (name, attribute)| block.attribute(name, attribute));
        let schema = Schema::new("A thing.").block("links", block);
        assert_eq!(reported(&schema, &[Value::Null, 1.into()]), [""; 0]);
        let config = links(&[Value::Null, 1.into()]);
        let created = plan(&schema, &Value::Null, config.clone(), &config, &Private::default()).planned;
        assert_eq!(created, links(&[1.into()]));
        // The next plan is empty.
        assert_eq!(plan(&schema, &created, config.clone(), &config, &Private::default()).planned, created);
    }
}
