//! Which former element an element of a set is, and what it keeps of it.

use std::collections::BTreeMap;

use super::*;

type Object = (BTreeMap<String, Attribute>, BTreeMap<String, Block>);

fn disk() -> [(&'static str, Attribute); 2] {
    [("size", Attribute::integer("Size.").required()), ("id", Attribute::string("Id.").computed())]
}

fn attributes<const N: usize>(attributes: [(&str, Attribute); N]) -> BTreeMap<String, Attribute> {
    attributes.into_iter().map(|(name, attribute)| (name.to_owned(), attribute)).collect()
}

/// An element with a name, and with disks in an attribute.
fn with_attribute(nesting: Nesting) -> Object {
    let name = Attribute::string("Name.").required();
    let disks = Attribute::nested(nesting, disk(), "Disks.").optional();
    (attributes([("name", name), ("disks", disks)]), BTreeMap::new())
}

/// The same with the disks in blocks.
fn with_blocks(nesting: BlockNesting) -> Object {
    let block = disk().into_iter().fold(Block::new(nesting, "Disks."), |block, (name, one)| block.attribute(name, one));
    let name = Attribute::string("Name.").required();
    (attributes([("name", name)]), BTreeMap::from([("disks".to_owned(), block)]))
}

fn element(disks: Value) -> Value {
    Value::object([("name", "a".into()), ("disks", disks)])
}

fn configured(size: i64) -> Value {
    Value::object([("size", size.into()), ("id", Value::Null)])
}

fn made(size: i64) -> Value {
    Value::object([("size", size.into()), ("id", format!("d-{size}").into())])
}

fn list<const N: usize>(elements: [Value; N]) -> Value {
    Value::List(elements.into())
}

#[test]
fn what_is_nested_decides_whether_an_element_is_the_former_one() {
    let map = |key: &str, disk: Value| Value::object([(key, disk)]);
    let (single, lists) = (
        [with_attribute(Nesting::Single), with_blocks(BlockNesting::Single)],
        [with_attribute(Nesting::List), with_blocks(BlockNesting::List)],
    );
    let sets = [with_attribute(Nesting::Set), with_blocks(BlockNesting::Set)];
    let maps = [with_attribute(Nesting::Map)];
    // The configured disks, the former ones, and whether the one can have become the other.
    for (objects, config, prior, is_same) in [
        (&single[..], configured(1), made(1), true),
        (&single, configured(1), made(2), false),
        (&lists, list([configured(1)]), list([made(1)]), true),
        (&lists, list([configured(1)]), list([made(2)]), false),
        (&lists, list([configured(1)]), list([made(1), made(2)]), false),
        (&lists, Value::unknown(), list([made(1)]), false),
        (&sets, Value::set([configured(1)]), Value::set([made(1)]), true),
        (&sets, Value::set([configured(1)]), Value::set([made(2)]), false),
        (&sets, Value::set([configured(1)]), Value::set([made(1), made(2)]), false),
        (&sets, Value::set([configured(1), configured(2)]), Value::set([made(1)]), false),
        // Elements that differ only in what they leave out may have become the same.
        (&sets, Value::Set(vec![configured(1), configured(1)]), Value::set([made(1)]), true),
        (&maps, map("k", configured(1)), map("k", made(1)), true),
        (&maps, map("k", configured(1)), map("k", made(2)), false),
        (&maps, map("k", configured(1)), map("l", made(1)), false),
    ] {
        for (attributes, blocks) in objects {
            let (elements, before) = ([element(config.clone())], Value::set([element(prior.clone())]));
            let found = former((attributes, blocks), &elements, &before);
            let guessed = found[0].map(|former| former.guessed);
            assert_eq!(guessed, Some(!is_same), "{config:?} {prior:?}");
        }
    }
}

/// For each element, the position of the former one, and whether that is a guess.
fn found(children: Children<'_>, elements: &[Value], before: &[Value]) -> Vec<Option<(usize, bool)>> {
    let position = |value: &Value| before.iter().position(|one| one == value).expect("it is one of them");
    let whole = Value::Set(before.to_vec());
    let found = former(children, elements, &whole);
    found.into_iter().map(|one| one.map(|one| (position(one.value), one.guessed))).collect()
}

#[test]
fn what_differs_is_guessed_to_be_the_element_most_like_it() {
    let text = |name: &'static str| (name, Attribute::string("Text.").optional());
    let (attributes, blocks) = (attributes([text("a"), text("b"), text("c")]), BTreeMap::new());
    let thing = |[a, b, c]: [&str; 3]| {
        let text = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
        Value::object([("a", text(a)), ("b", text(b)), ("c", text(c))])
    };
    for (elements, before, expected) in [
        // Nothing is alike, also not that something is left out.
        (vec![thing(["x", "", ""])], vec![thing(["y", "", ""])], vec![None]),
        (vec![thing(["x", "y", ""])], vec![thing(["x", "z", ""])], vec![Some((0, true))]),
        // The one that agrees in more of it, wherever it stands.
        (
            vec![thing(["x", "1", "1"]), thing(["x", "y", "2"])],
            vec![thing(["x", "y", "3"])],
            vec![None, Some((0, true))],
        ),
        // None is taken twice.
        (vec![thing(["x", "1", ""]), thing(["x", "2", ""])], vec![thing(["x", "3", ""])], vec![Some((0, true)), None]),
        // What is not known yet may be any of them.
        (vec![Value::unknown()], vec![thing(["x", "", ""])], vec![None]),
    ] {
        assert_eq!(found((&attributes, &blocks), &elements, &before), expected, "{elements:?}");
    }
}

#[test]
fn a_default_decides_between_several() {
    let size = Attribute::integer("Size.").default(10);
    let (attributes, blocks) =
        (attributes([("name", Attribute::string("Name.").required()), ("size", size)]), BTreeMap::new());
    let disk = |size: Value| Value::object([("name", "a".into()), ("size", size)]);
    let before = [disk(20.into()), disk(10.into())];
    assert_eq!(found((&attributes, &blocks), &[disk(Value::Null)], &before), [Some((1, false))]);
    // The default was another one then.
    assert_eq!(found((&attributes, &blocks), &[disk(Value::Null)], &before[..1]), [Some((0, false))]);
}

#[test]
fn what_was_computed_is_kept_in_everything_that_is_nested() {
    let map = |disk: Value| Value::object([("k", disk)]);
    for (objects, config, prior) in [
        (&[with_attribute(Nesting::Single), with_blocks(BlockNesting::Single)][..], configured(1), made(1)),
        (
            &[with_attribute(Nesting::List), with_blocks(BlockNesting::List)],
            list([configured(1), configured(2)]),
            list([made(1), made(2)]),
        ),
        (
            &[with_attribute(Nesting::Set), with_blocks(BlockNesting::Set)],
            Value::set([configured(1), configured(2)]),
            Value::set([made(1), made(2)]),
        ),
        (&[with_attribute(Nesting::Map)], map(configured(1)), map(made(1))),
    ] {
        for (attributes, blocks) in objects {
            let before = Value::set([element(prior.clone())]);
            assert_eq!(join((attributes, blocks), &[element(config.clone())], &before), before);
            // Of another one nothing is kept.
            let other = Value::set([Value::object([("name", "b".into()), ("disks", prior.clone())])]);
            let joined = join((attributes, blocks), &[element(config.clone())], &other);
            assert_eq!(joined, Value::set([element(config.clone())]));
        }
    }
}
