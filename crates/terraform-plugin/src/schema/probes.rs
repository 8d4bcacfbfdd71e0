//! Configurations that a model must be able to hold: with a value that is unknown, one that is null, or a number with a
//! fraction, each wherever the configuration can have one.

use std::collections::BTreeMap;

use super::{Attribute, Block, BlockNesting, Nesting, Schema, Shape};
use crate::path::AttributePath;
use crate::value::{Number, Type, Value};

/// A configuration in which one value is unusual and all others are null.
pub(crate) struct Probe {
    /// The attribute with the value.
    pub path: AttributePath,
    /// What the value is, for a sentence.
    pub what: &'static str,
    /// What the author has to change if the model cannot hold it.
    pub remedy: &'static str,
    pub config: Value,
}

/// An unusual value.
#[derive(Clone, Copy)]
enum Unusual {
    Unknown,
    Null,
    Fraction,
}

impl Unusual {
    const ALL: [Self; 3] = [Self::Unknown, Self::Null, Self::Fraction];

    fn what(self) -> &'static str {
        match self {
            Self::Unknown => "a value that is not known yet",
            Self::Null => "a null",
            Self::Fraction => "a number with a fraction",
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            Self::Unknown | Self::Null => {
                "A configuration can have one there, so hold it as an Attr, for example Attr<Vec<Attr<String>>>."
            }
            Self::Fraction => "Declare it with Attribute::integer, or hold it as a Number.",
        }
    }

    /// The value, if one of the type can be it.
    fn of(self, ty: &Type) -> Option<Value> {
        match self {
            Self::Unknown => Some(Value::unknown()),
            Self::Null => Some(Value::Null),
            // One and a half.
            Self::Fraction if *ty == Type::Number => Number::try_from(1.5).ok().map(Value::Number),
            Self::Fraction => None,
        }
    }
}

/// Every configuration to try with a model.
pub(crate) fn probes(schema: &Schema) -> Vec<Probe> {
    let mut probes = Vec::new();
    for unusual in Unusual::ALL {
        let root = AttributePath::root();
        for (path, config) in object(unusual, &schema.attributes, &schema.blocks, &root) {
            probes.push(Probe { path, what: unusual.what(), remedy: unusual.remedy(), config });
        }
    }
    probes
}

/// Values with one that is unusual, and the path of the attribute in which it is.
type Found = Vec<(AttributePath, Value)>;

fn object(
    unusual: Unusual,
    attributes: &BTreeMap<String, Attribute>,
    blocks: &BTreeMap<String, Block>,
    path: &AttributePath,
) -> Found {
    let names: Vec<&str> = attributes.keys().chain(blocks.keys()).map(String::as_str).collect();
    let mut found = Vec::new();
    for (name, one) in attributes {
        let inside = attribute(unusual, one, &path.clone().attribute(name));
        found.extend(inside.into_iter().map(|(path, value)| (path, only(&names, name, value))));
    }
    for (name, one) in blocks {
        let inside = block(unusual, one, &path.clone().attribute(name));
        found.extend(inside.into_iter().map(|(path, value)| (path, only(&names, name, value))));
    }
    found
}

fn attribute(unusual: Unusual, attribute: &Attribute, path: &AttributePath) -> Found {
    // What the provider alone sets is never anything that its author does not expect.
    if !attribute.required && !attribute.optional {
        return Vec::new();
    }
    let Shape::Nested(nesting, nested) = &attribute.shape else {
        return values(unusual, &attribute.value_type()).into_iter().map(|value| (path.clone(), value)).collect();
    };
    let wrap = |value| match nesting {
        Nesting::Single => value,
        Nesting::List => Value::List(vec![value]),
        Nesting::Set => Value::Set(vec![value]),
        Nesting::Map => entry(value),
    };
    let whole = Type::Dynamic;
    let mut found: Found = unusual.of(&whole).map(|value| (path.clone(), value)).into_iter().collect();
    found.extend(unusual.of(&whole).map(|value| (path.clone(), wrap(value))));
    let inside = object(unusual, nested, &BTreeMap::new(), path);
    found.extend(inside.into_iter().map(|(path, value)| (path, wrap(value))));
    found
}

/// A block may be unknown as a whole, if it is written with `dynamic`; none of several is ever null or unknown.
fn block(unusual: Unusual, block: &Block, path: &AttributePath) -> Found {
    let wrap = |value| match block.nesting {
        BlockNesting::Single => value,
        BlockNesting::List => Value::List(vec![value]),
        BlockNesting::Set => Value::Set(vec![value]),
    };
    let whole = unusual.of(&Type::Dynamic).map(|value| (path.clone(), value));
    let inside = object(unusual, &block.attributes, &block.blocks, path);
    whole.into_iter().chain(inside.into_iter().map(|(path, value)| (path, wrap(value)))).collect()
}

/// All values of a type in which one is unusual: the value itself, or one inside.
fn values(unusual: Unusual, ty: &Type) -> Vec<Value> {
    let mut all: Vec<Value> = unusual.of(ty).into_iter().collect();
    match ty {
        Type::Bool | Type::Number | Type::String | Type::Dynamic => {}
        Type::List(element) => all.extend(values(unusual, element).into_iter().map(|value| Value::List(vec![value]))),
        Type::Set(element) => all.extend(values(unusual, element).into_iter().map(|value| Value::Set(vec![value]))),
        Type::Map(element) => all.extend(values(unusual, element).into_iter().map(entry)),
        Type::Tuple(elements) => {
            for (index, element) in elements.iter().enumerate() {
                all.extend(values(unusual, element).into_iter().map(|value| {
                    let mut tuple = vec![Value::Null; elements.len()];
                    tuple[index] = value;
                    Value::List(tuple)
                }));
            }
        }
        Type::Object(attributes) => {
            let names: Vec<&str> = attributes.keys().map(String::as_str).collect();
            for (name, ty) in attributes {
                all.extend(values(unusual, ty).into_iter().map(|value| only(&names, name, value)));
            }
        }
    }
    all
}

/// A map of one entry.
fn entry(value: Value) -> Value {
    Value::Map(BTreeMap::from([("key".to_owned(), value)]))
}

/// An object in which one attribute has a value and all others are null.
fn only(names: &[&str], name: &str, value: Value) -> Value {
    let mut object: BTreeMap<String, Value> = names.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
    object.insert(name.to_owned(), value);
    Value::Map(object)
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;
    use crate::framework::Declared;
    use crate::model::{Attr, Model};
    use crate::schema::check::Kind;

    /// The mistakes between a schema of one attribute or block named `it` and its model.
    fn mistakes<M: Model>(schema: Schema) -> Vec<String> {
        let mut mistakes = Vec::new();
        Declared::new("t_thing", schema).check::<M>(Kind::Resource, &mut mistakes);
        mistakes.iter().map(ToString::to_string).collect()
    }

    fn one(attribute: Attribute) -> Schema {
        Schema::new("A thing.").attribute("it", attribute)
    }

    fn strings() -> Attribute {
        Attribute::list(Type::String, "Strings.")
    }

    #[derive(Clone, Model)]
    struct Known {
        it: Attr<Vec<String>>,
    }

    #[derive(Clone, Model)]
    struct Open {
        it: Attr<Vec<Attr<String>>>,
    }

    #[test]
    fn elements_that_can_be_configured_must_be_able_to_be_unknown() {
        let expected = [
            "resource t_thing, it: Its model cannot hold a value that is not known yet: the model does not fit the schema at \
             it[0]: expected a string, found an unknown value. A configuration can have one there, so hold it as an Attr, for \
             example Attr<Vec<Attr<String>>>.",
            "resource t_thing, it: Its model cannot hold a null: the model does not fit the schema at it[0]: expected a \
             string, found null. A configuration can have one there, so hold it as an Attr, for example \
             Attr<Vec<Attr<String>>>.",
        ];
        assert_eq!(mistakes::<Known>(one(strings().required())), expected);
        assert_eq!(mistakes::<Known>(one(strings().optional().computed())), expected);
        let refuses_null = |list: &Value| match list {
            Value::List(elements) if elements.contains(&Value::Null) => Err("It must not hold null.".to_owned()),
            _ => Ok(()),
        };
        // A rule keeps nulls away, and says nothing of what is unknown.
        assert_eq!(mistakes::<Known>(one(strings().required().validate(check(refuses_null)))), expected[..1]);
        assert_eq!(mistakes::<Known>(one(strings().computed())), [""; 0]);
        assert_eq!(mistakes::<Open>(one(strings().required())), [""; 0]);
    }

    #[derive(Clone, Model)]
    struct Whole {
        it: Attr<i64>,
    }

    #[derive(Clone, Model)]
    struct Any {
        it: Attr<Number>,
    }

    #[test]
    fn a_model_of_whole_numbers_needs_an_attribute_of_whole_numbers() {
        let told = mistakes::<Whole>(one(Attribute::number("It.").required()));
        assert!(told.len() == 1 && told[0].ends_with("Declare it with Attribute::integer, or hold it as a Number."));
        assert_eq!(mistakes::<Whole>(one(Attribute::integer("It.").required())), [""; 0]);
        assert_eq!(mistakes::<Whole>(one(Attribute::number("It.").computed())), [""; 0]);
        assert_eq!(mistakes::<Any>(one(Attribute::number("It.").required())), [""; 0]);
    }

    #[derive(Clone, Model)]
    struct Rule {
        port: Attr<i64>,
        names: Attr<Vec<String>>,
    }

    #[derive(Clone, Model)]
    struct KnownRules {
        it: Attr<Vec<Rule>>,
    }

    #[derive(Clone, Model)]
    struct OpenRules {
        it: Attr<Vec<Attr<Rule>>>,
    }

    #[test]
    fn what_is_nested_is_tried_too() {
        let children = || {
            let names = Attribute::list(Type::String, "Names.").optional();
            [("port", Attribute::integer("Port.").required()), ("names", names)]
        };
        let nested = || one(Attribute::nested(Nesting::List, children(), "It.").optional());
        let paths = |mistakes: Vec<String>| -> Vec<String> {
            mistakes.iter().map(|one| one.split(": ").next().unwrap_or_default().to_owned()).collect()
        };
        let (whole, names) = ("resource t_thing, it", "resource t_thing, it.names");
        assert_eq!(paths(mistakes::<KnownRules>(nested())), [whole, names, whole, names]);
        assert_eq!(paths(mistakes::<OpenRules>(nested())), [names, names]);
        // The elements of a block are always known objects.
        let block = children()
            .into_iter()
            .fold(Block::new(BlockNesting::List, "It."), |block, (name, attribute)| block.attribute(name, attribute));
        let block = Schema::new("A thing.").block("it", block);
        assert_eq!(paths(mistakes::<KnownRules>(block)), [names, names]);
    }
}
