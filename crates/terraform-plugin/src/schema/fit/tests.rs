//! Models and schemas that fit, and those that do not.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::*;
use crate::diagnostic::Diagnostics;
use crate::framework::Declared;
use crate::model::{Attr, Given, Model};
use crate::schema::{Parameter, Upgrading};
use crate::value::{Number, Value};

fn mistakes_of<M: Model>(kind: Kind, schema: Schema) -> Vec<String> {
    let mut mistakes = Vec::new();
    Declared::new("t_thing", schema).check::<M>(kind, &mut mistakes);
    let strip = |text: String| text.split_once("t_thing").map(|(_, rest)| rest.trim_start_matches(", ").to_owned());
    mistakes.iter().filter_map(|one| strip(one.to_string())).collect()
}

/// The mistakes between a schema and its model.
fn mistakes<M: Model>(schema: Schema) -> Vec<String> {
    mistakes_of::<M>(Kind::Resource, schema)
}

fn one(attribute: Attribute) -> Schema {
    Schema::new("A thing.").attribute("it", attribute)
}

/// A model of one field named `it`.
#[derive(Clone, Model)]
struct It<T> {
    it: T,
}

fn strings() -> Attribute {
    Attribute::list(Type::String, "Strings.")
}

#[test]
fn elements_that_can_be_configured_must_be_able_to_be_unknown() {
    let expected = [format!("it: Its model cannot hold an element that is not known yet. {REMEDY}")];
    assert_eq!(mistakes::<It<Attr<Vec<String>>>>(one(strings().required())), expected);
    assert_eq!(mistakes::<It<Attr<Vec<String>>>>(one(strings().optional().computed())), expected);
    assert_eq!(mistakes::<It<Attr<Vec<Option<String>>>>>(one(strings().required())), expected);
    assert_eq!(mistakes::<It<Attr<Vec<String>>>>(one(strings().computed())), [""; 0]);
    assert_eq!(mistakes::<It<Attr<Vec<Attr<String>>>>>(one(strings().required())), [""; 0]);
    assert_eq!(mistakes::<It<Attr<Vec<Given<String>>>>>(one(strings().required())), [""; 0]);
    let map = Attribute::map(Type::String, "It.").optional();
    assert_eq!(mistakes::<It<Attr<BTreeMap<String, String>>>>(one(map)), expected);
}

#[test]
fn an_attribute_must_be_able_to_be_null_and_where_it_is_planned_unknown() {
    let both = "it: Its model cannot hold a null, nor a value that is not known yet. Hold it as an Attr.";
    let unknown = "it: Its model cannot hold a value that is not known yet. Hold it as an Attr.";
    let null = "it: Its model cannot hold a null. Hold it as an Attr.";
    let (computed, optional) = (|| one(Attribute::bool("It.").computed()), one(Attribute::bool("It.").optional()));
    assert_eq!(mistakes::<It<bool>>(computed()), [both]);
    assert_eq!(mistakes::<It<Option<bool>>>(computed()), [unknown]);
    assert_eq!(mistakes::<It<Given<bool>>>(computed()), [null]);
    assert_eq!(mistakes::<It<Attr<bool>>>(computed()), [""; 0]);
    assert_eq!(mistakes::<It<Option<bool>>>(optional), [unknown]);
    assert_eq!(mistakes_of::<It<Option<bool>>>(Kind::DataSource, computed()), [""; 0]);
}

#[test]
fn a_model_of_whole_numbers_needs_an_attribute_of_whole_numbers() {
    let reported = mistakes::<It<Attr<i64>>>(one(Attribute::number("It.").required()));
    let sentence = "it: Its model holds whole numbers only. Declare it with Attribute::integer, or hold it as a \
                    Number or an f64.";
    assert_eq!(reported, [sentence]);
    assert_eq!(mistakes::<It<Attr<i64>>>(one(Attribute::integer("It.").required())), [""; 0]);
    assert_eq!(mistakes::<It<Attr<i64>>>(one(Attribute::number("It.").computed())), [""; 0]);
    assert_eq!(mistakes::<It<Attr<Number>>>(one(Attribute::number("It.").required())), [""; 0]);
}

#[test]
fn a_default_must_be_one_that_the_model_can_hold() {
    let sized = |default: i64| one(Attribute::integer("It.").default(default));
    assert_eq!(mistakes::<It<Attr<u8>>>(sized(256)), ["it: Its model cannot hold its default."]);
    assert_eq!(mistakes::<It<Attr<u8>>>(sized(255)), [""; 0]);
}

#[test]
fn what_the_provider_alone_makes_needs_no_attr_inside() {
    #[derive(Clone, Model)]
    struct Inner {
        id: String,
    }
    let inner =
        |nesting| one(Attribute::nested(nesting, [("id", Attribute::string("Id.").computed())], "It.").computed());
    assert_eq!(mistakes::<It<Attr<Inner>>>(inner(Nesting::Single)), [""; 0]);
    assert_eq!(mistakes::<It<Attr<Vec<Inner>>>>(inner(Nesting::List)), [""; 0]);
    assert_eq!(mistakes::<It<Attr<BTreeMap<String, Inner>>>>(inner(Nesting::Map)), [""; 0]);
}

#[test]
fn types_are_compared() {
    let reported = |ty: &str, model: &str| [format!("it: Its model holds another type: {model}, and its schema {ty}.")];
    let string = || one(Attribute::string("It.").required());
    assert_eq!(mistakes::<It<Attr<bool>>>(string()), reported("string", "bool"));
    assert_eq!(mistakes::<It<Attr<Number>>>(string()), reported("string", "number"));
    assert_eq!(mistakes::<It<Attr<Vec<Attr<String>>>>>(string()), reported("string", "list of string"));
    let list = mistakes::<It<Attr<Vec<Attr<bool>>>>>(one(strings().required()));
    assert_eq!(list, reported("string", "bool"));
    let dynamic = || one(Attribute::of(Type::Dynamic, "It.").optional());
    assert_eq!(mistakes::<It<Attr<String>>>(dynamic()), reported("dynamic", "string"));
    assert_eq!(mistakes::<It<Attr<Value>>>(dynamic()), [""; 0]);
    assert_eq!(mistakes::<It<Value>>(string()), [""; 0]);
    assert_eq!(mistakes::<It<Attr<Size>>>(string()), [""; 0]);
    assert_eq!(
        mistakes::<It<Attr<HashSet<Attr<String>>>>>(one(strings().required())),
        reported("list of string", "set of string")
    );
    let set = || one(Attribute::set(Type::String, "It.").optional());
    assert_eq!(mistakes::<It<Attr<HashSet<Attr<String>>>>>(set()), [""; 0]);
    assert_eq!(mistakes::<It<Attr<BTreeSet<Attr<Size>>>>>(set()), [""; 0]);
    let map = || one(Attribute::map(Type::Number, "It.").optional());
    assert_eq!(mistakes::<It<Attr<HashMap<String, Attr<u8>>>>>(map()), [""; 0]);
    assert_eq!(mistakes::<It<Attr<f64>>>(one(Attribute::number("It.").optional())), [""; 0]);
    let whole = "Its model holds another type: bool, and its schema an object.";
    assert_eq!(mistakes::<bool>(string()), [format!(": {whole}").trim_start_matches(", ")]);
}

#[test]
fn the_models_of_upgrades_are_compared_too() {
    async fn upgrade(old: Upgrading<u8, It<Option<bool>>>) -> Result<It<Attr<String>>, Diagnostics> {
        Ok(It { it: old.state.it.map(|it| it.to_string()).into() })
    }
    let reported = |old: Type, now: Attribute, session| {
        let mut mistakes = Vec::new();
        let schema = one(now).version(1).upgrade_model(0, Type::object([("it", old)]), upgrade);
        Check::of(Kind::Resource, "t_thing", &mut mistakes).upgrades(&schema, session);
        mistakes.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let text = || Attribute::string("It.").computed();
    assert_eq!(reported(Type::Bool, text(), TypeId::of::<u8>()), [""; 0]);
    let expected = [
        "resource t_thing: Its upgrade from version 0 is for another session than its own.",
        "resource t_thing, version 0, it: Its model holds another type: bool, and its schema number.",
        "resource t_thing, version 1, it: Its model holds another type: string, and its schema bool.",
    ];
    assert_eq!(reported(Type::Number, Attribute::bool("It.").computed(), TypeId::of::<u16>()), expected);
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Model)]
enum Size {
    Small,
}

#[derive(Clone, Model)]
struct Rule {
    port: Attr<i64>,
    name: Attr<Vec<String>>,
}

#[test]
fn what_is_nested_is_compared_too() {
    let children = || {
        let names = Attribute::list(Type::String, "Names.").optional();
        [("port", Attribute::bool("Port.").required()), ("names", names)]
    };
    let inside = [
        "it.names: Its model has no such field.",
        "it.name: Its model has this field, and its schema no such attribute.",
        "it.port: Its model holds another type: whole number, and its schema bool.",
    ];
    let nested = || one(Attribute::nested(Nesting::List, children(), "It.").optional());
    assert_eq!(mistakes::<It<Attr<Vec<Attr<Rule>>>>>(nested()), inside);
    let reported = mistakes::<It<Attr<Vec<Rule>>>>(nested());
    assert_eq!(reported[0], format!("it: Its model cannot hold an element that is not known yet. {REMEDY}"));
    assert_eq!(reported[1..], inside);
    assert_eq!(
        mistakes::<It<Attr<Rule>>>(nested()),
        ["it: Its model holds another type: object, and its schema a list of objects."]
    );
    // The elements of a block are always known objects.
    let block = children()
        .into_iter()
        .fold(Block::new(BlockNesting::List, "It."), |block, (name, attribute)| block.attribute(name, attribute));
    assert_eq!(mistakes::<It<Attr<Vec<Rule>>>>(Schema::new("A thing.").block("it", block)), inside);
    let plain = Type::object([("port", Type::Number), ("names", Type::List(Box::new(Type::String)))]);
    assert_eq!(mistakes::<It<Attr<Rule>>>(one(Attribute::of(plain, "It.").optional())), inside[..2]);
}

#[test]
fn the_model_of_an_upgrade_is_compared_with_the_version_that_it_leads_to() {
    async fn from_0(old: Upgrading<(), It<Option<bool>>>) -> Result<It<Attr<String>>, Diagnostics> {
        Ok(It { it: old.state.it.map(|it| it.to_string()).into() })
    }
    async fn from_1(old: Upgrading<(), It<Option<String>>>) -> Result<It<Attr<f64>>, Diagnostics> {
        Ok(It { it: old.state.it.and_then(|it| it.parse().ok()).into() })
    }
    let of = |ty| Type::object([("it", ty)]);
    let schema = one(Attribute::number("It.").computed())
        .version(2)
        .upgrade_model(0, of(Type::Bool), from_0)
        .upgrade_model(1, of(Type::String), from_1);
    let mut mistakes = Vec::new();
    Check::of(Kind::Resource, "t_thing", &mut mistakes).upgrades(&schema, TypeId::of::<()>());
    assert_eq!(mistakes, []);
}

#[test]
fn a_model_of_anything_holds_a_whole_object_and_further_arguments() {
    assert_eq!(mistakes::<Value>(one(Attribute::bool("It.").required())), [""; 0]);
    let further = |model: &Shape| {
        let mut mistakes = Vec::new();
        let signature = Signature::new("A sum.", Type::Number).variadic(Parameter::number("it", "A number."));
        Check::of_function("sum", &mut mistakes).arguments(&signature, model);
        mistakes.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(further(&It::<Value>::shape()), [""; 0]);
    assert_eq!(further(&It::<Vec<f64>>::shape()), [""; 0]);
    let other = "function sum, it: Its model holds another type: number, and its schema a list of further arguments.";
    assert_eq!(further(&It::<f64>::shape()), [other]);
}

#[test]
fn each_element_of_a_tuple_is_compared() {
    let pair = |second| one(Attribute::of(Type::Tuple(vec![Type::Bool, second]), "It.").optional());
    assert_eq!(mistakes::<It<Attr<Vec<Attr<bool>>>>>(pair(Type::Bool)), [""; 0]);
    let other = "it: Its model holds another type: bool, and its schema string.";
    assert_eq!(mistakes::<It<Attr<Vec<Attr<bool>>>>>(pair(Type::String)), [other]);
}
