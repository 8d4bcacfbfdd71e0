use super::*;

fn disk() -> [(&'static str, Attribute); 3] {
    [
        ("size", Attribute::integer("Size.").required()),
        ("kind", Attribute::string("Kind.").optional().computed()),
        ("id", Attribute::string("Id.").computed()),
    ]
}

fn object(size: i64, kind: Value, id: Value) -> Value {
    Value::object([("size", size.into()), ("kind", kind), ("id", id)])
}

fn computed(size: i64, id: &str) -> Value {
    object(size, "ssd".into(), id.into())
}

fn configured(size: i64) -> Value {
    object(size, Value::Null, Value::Null)
}

/// What is proposed for the one attribute or block of a schema.
fn one(schema: &Schema, prior: Value, config: Value) -> Value {
    let name = schema.attributes.keys().chain(schema.blocks.keys()).next().expect("there is one");
    let whole = |value| Value::object([(name.as_str(), value)]);
    proposed(schema, &whole(prior), &whole(config)).get(name).expect("it is there").clone()
}

fn attribute(attribute: Attribute) -> Schema {
    Schema::new("A thing.").attribute("a", attribute)
}

fn nested(nesting: Nesting) -> Schema {
    attribute(Attribute::nested(nesting, disk(), "Disks.").optional())
}

fn block(nesting: BlockNesting) -> Schema {
    let block = disk().into_iter().fold(Block::new(nesting, "Disks."), |block, (name, one)| block.attribute(name, one));
    Schema::new("A thing.").block("a", block)
}

#[test]
fn a_plain_attribute_is_as_configured_unless_it_is_computed_and_left_out() {
    let (optional, computed) = (Attribute::string("A.").optional(), Attribute::string("A.").computed());
    let both = Attribute::string("A.").optional().computed();
    for (schema, prior, config, expected) in [
        (attribute(optional), Value::from("p"), Value::Null, Value::Null),
        (attribute(computed), "p".into(), Value::Null, "p".into()),
        (attribute(both), "p".into(), Value::Null, "p".into()),
    ] {
        assert_eq!(one(&schema, prior.clone(), config), expected);
        assert_eq!(one(&schema, prior, "c".into()), "c".into());
        assert_eq!(one(&schema, Value::Null, Value::unknown()), Value::unknown());
    }
}

#[test]
fn an_object_keeps_what_it_computed() {
    for schema in [nested(Nesting::Single), block(BlockNesting::Single)] {
        assert_eq!(one(&schema, computed(1, "d-1"), configured(2)), computed(2, "d-1"));
        assert_eq!(one(&schema, Value::Null, configured(2)), configured(2));
        assert_eq!(one(&schema, computed(1, "d-1"), Value::Null), Value::Null);
        assert_eq!(one(&schema, computed(1, "d-1"), Value::unknown()), Value::unknown());
    }
}

#[test]
fn elements_of_a_list_belong_together_by_their_position() {
    let prior = || Value::List(vec![computed(1, "d-1"), computed(2, "d-2")]);
    for schema in [nested(Nesting::List), block(BlockNesting::List)] {
        let config = Value::List(vec![configured(2), configured(1), configured(3)]);
        let expected = Value::List(vec![computed(2, "d-1"), computed(1, "d-2"), configured(3)]);
        assert_eq!(one(&schema, prior(), config), expected);
        assert_eq!(one(&schema, prior(), Value::List(Vec::new())), Value::List(Vec::new()));
        assert_eq!(one(&schema, Value::Null, Value::List(vec![configured(1)])), Value::List(vec![configured(1)]));
    }
}

#[test]
fn an_element_that_is_unknown_is_an_object_of_unknown_attributes_where_there_was_one() {
    let unknown = Value::object(["size", "kind", "id"].map(|name| (name, Value::unknown())));
    let config = Value::List(vec![Value::unknown(), Value::unknown()]);
    let expected = Value::List(vec![unknown, Value::unknown()]);
    assert_eq!(one(&nested(Nesting::List), Value::List(vec![computed(1, "d-1")]), config), expected);
}

#[test]
fn elements_of_a_map_belong_together_by_their_key() {
    let prior = Value::object([("x", computed(1, "d-1")), ("y", computed(2, "d-2"))]);
    let config = Value::object([("y", configured(3)), ("z", configured(4))]);
    let expected = Value::object([("y", computed(3, "d-2")), ("z", configured(4))]);
    assert_eq!(one(&nested(Nesting::Map), prior, config), expected);
}

#[test]
fn elements_of_a_set_belong_together_if_they_differ_in_what_was_computed_alone() {
    let prior = || Value::set([computed(1, "d-1"), computed(2, "d-2")]);
    for schema in [nested(Nesting::Set), block(BlockNesting::Set)] {
        let config = Value::set([configured(2), configured(3)]);
        assert_eq!(one(&schema, prior(), config), Value::set([computed(2, "d-2"), configured(3)]));
        // What is configured is not computed.
        let config = Value::set([object(1, "hdd".into(), Value::Null)]);
        assert_eq!(one(&schema, prior(), config.clone()), config);
        let config = Value::set([object(1, "ssd".into(), Value::Null)]);
        assert_eq!(one(&schema, prior(), config), Value::set([computed(1, "d-1")]));
        assert_eq!(one(&schema, prior(), Value::Set(Vec::new())), Value::Set(Vec::new()));
    }
}

#[test]
fn a_former_element_is_taken_once() {
    let prior = Value::set([computed(1, "d-1")]);
    let config = Value::set([configured(1), object(1, "ssd".into(), Value::Null)]);
    let proposed = one(&nested(Nesting::Set), prior, config);
    let ids = proposed.as_list().expect("it is a set").iter().filter(|one| one.get("id") == Some(&"d-1".into()));
    assert_eq!(ids.count(), 1);
}

/// Sets of objects with an id, a name and something more.
fn elements_with(inner: Attribute) -> Schema {
    let element = [
        ("id", Attribute::string("Id.").computed()),
        ("name", Attribute::string("Name.").required()),
        ("inner", inner),
    ];
    attribute(Attribute::nested(Nesting::Set, element, "Elements.").optional())
}

/// The same with disks in blocks.
fn elements_with_blocks(nesting: BlockNesting) -> Schema {
    let inner = disk().into_iter().fold(Block::new(nesting, "Disks."), |block, (name, one)| block.attribute(name, one));
    let element = Block::new(BlockNesting::Set, "Elements.")
        .attribute("id", Attribute::string("Id.").computed())
        .attribute("name", Attribute::string("Name.").required())
        .block("inner", inner);
    Schema::new("A thing.").block("a", element)
}

#[test]
fn what_stands_in_an_element_of_a_set_decides_whether_it_is_the_same() {
    let element = |id: Value, inner: &Value| {
        Value::set([Value::object([("id", id), ("name", Value::from("n")), ("inner", inner.clone())])])
    };
    let texts = |texts: &[&str]| Value::set(texts.iter().map(|text| Value::from(*text)));
    let list = |elements: Vec<Value>| Value::List(elements);
    let map = |key: &str, disk: Value| Value::object([(key, disk)]);
    let disks = |nesting| elements_with(Attribute::nested(nesting, disk(), "D.").optional());
    let strings = || elements_with(Attribute::list(Type::String, "L.").computed());
    for (schema, prior, config, is_same) in [
        // A list that was computed is taken over, a set is not: Terraform compares sets as wholes.
        (strings(), list(vec!["a".into()]), Value::Null, true),
        (strings(), list(vec!["a".into()]), list(vec!["b".into()]), false),
        (elements_with(Attribute::set(Type::String, "S.").computed()), texts(&["a"]), Value::Null, false),
        (disks(Nesting::Single), computed(1, "d"), configured(1), true),
        (disks(Nesting::Single), computed(1, "d"), configured(2), false),
        // Where there was nothing, nothing contradicts.
        (disks(Nesting::Single), Value::Null, configured(1), true),
        (disks(Nesting::Set), Value::Null, Value::set([configured(1)]), false),
        (disks(Nesting::List), list(vec![computed(1, "d")]), Value::Null, false),
        (disks(Nesting::List), list(vec![computed(1, "d")]), list(vec![configured(1), configured(2)]), true),
        (disks(Nesting::List), list(vec![computed(1, "d")]), list(vec![configured(2)]), false),
        (disks(Nesting::List), list(vec![computed(1, "d"), computed(2, "e")]), list(vec![configured(1)]), false),
        (disks(Nesting::Map), map("k", computed(1, "d")), map("k", configured(1)), true),
        (disks(Nesting::Map), map("k", computed(1, "d")), map("k", configured(2)), false),
        (disks(Nesting::Map), map("k", computed(1, "d")), map("l", configured(1)), false),
        (disks(Nesting::Set), Value::set([computed(1, "d")]), Value::set([configured(1)]), false),
        (elements_with_blocks(BlockNesting::Single), computed(1, "d"), configured(1), true),
        (elements_with_blocks(BlockNesting::Single), computed(1, "d"), configured(2), false),
        (elements_with_blocks(BlockNesting::Single), Value::Null, Value::Null, true),
        (elements_with_blocks(BlockNesting::List), list(vec![computed(1, "d")]), list(vec![configured(1)]), true),
        (elements_with_blocks(BlockNesting::List), list(vec![computed(1, "d")]), list(vec![configured(2)]), false),
        (elements_with_blocks(BlockNesting::List), list(Vec::new()), list(Vec::new()), true),
        (elements_with_blocks(BlockNesting::Set), Value::set([computed(1, "d")]), Value::set([configured(1)]), false),
    ] {
        let proposed = one(&schema, element("e-1".into(), &prior), element(Value::Null, &config));
        let ids: Vec<_> =
            proposed.as_list().into_iter().flatten().map(|one| one.get("id") == Some(&"e-1".into())).collect();
        assert_eq!(ids, [is_same], "{prior:?} {config:?}");
    }
}

#[test]
fn a_block_that_is_not_known_yet_is_what_it_was() {
    let (prior, config) = (Value::List(vec![computed(1, "d-1")]), Value::List(vec![Value::unknown()]));
    assert_eq!(one(&block(BlockNesting::List), prior.clone(), config), prior);
}

#[test]
fn a_nested_attribute_that_was_configured_is_removed_and_one_that_was_computed_stays() {
    let schema = attribute(Attribute::nested(Nesting::Single, disk(), "Disk.").optional().computed());
    assert_eq!(one(&schema, computed(1, "d-1"), Value::Null), Value::Null);
    let derived = [("id", Attribute::string("Id.").computed())];
    let schema = attribute(Attribute::nested(Nesting::List, derived, "Disks.").optional().computed());
    let prior = Value::List(vec![Value::object([("id", Value::from("d-1"))])]);
    assert_eq!(one(&schema, prior.clone(), Value::Null), prior);
    // Also what stands deeper in it counts.
    for (size, stays) in [
        (Attribute::integer("Size.").optional(), false),
        (Attribute::integer("Size.").optional().computed(), true),
        (Attribute::integer("Size.").computed(), true),
    ] {
        let disk = Attribute::nested(Nesting::Single, [("size", size)], "Disk.").optional().computed();
        let schema = attribute(Attribute::nested(Nesting::Single, [("disk", disk)], "A.").optional().computed());
        let prior = Value::object([("disk", Value::object([("size", Value::from(1))]))]);
        let expected = if stays { prior.clone() } else { Value::Null };
        assert_eq!(one(&schema, prior, Value::Null), expected);
    }
}

#[test]
fn a_computed_block_that_is_left_out_is_null_in_the_configuration() {
    let inner = Block::new(BlockNesting::Set, "Inner.").attribute("id", Attribute::string("Id.").computed()).computed();
    let outer = Block::new(BlockNesting::List, "Outer.").block("inner", inner);
    let plain = Block::new(BlockNesting::List, "Plain.");
    let schema = Schema::new("A thing.").block("outer", outer).block("plain", plain);
    let config = |inner: Value| {
        let outer = Value::List(vec![Value::object([("inner", inner)])]);
        Value::object([("outer", outer), ("plain", Value::List(Vec::new()))])
    };
    let prepared = without_empty_computed_blocks(&schema.blocks, config(Value::Set(Vec::new())));
    assert_eq!(prepared, config(Value::Null));
    let written = config(Value::set([Value::object([("id", Value::Null)])]));
    assert_eq!(without_empty_computed_blocks(&schema.blocks, written.clone()), written);
}
