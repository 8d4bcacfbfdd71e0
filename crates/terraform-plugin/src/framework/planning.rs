//! Computes a plan from the schema: defaults, what apply will find out, and what a change means.
//!
//! Terraform proposes a state that joins the configuration with the prior state. Five steps refine it, in this order:
//!
//! 1. the elements of sets are joined again, as Terraform knows nothing of defaults;
//! 2. attributes that the configuration leaves out get their default;
//! 3. values that only spell the prior state differently become the prior value again;
//! 4. if anything changes, computed attributes that the configuration does not set become unknown;
//! 5. the modifiers of attributes and blocks run: keep the state's value, replace the object.

use super::duplicates::duplicates;
use super::elements::join;
use super::guard::caught_about;
use super::item::Item;
use super::open;
use super::walk::{Inside, Site, each};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::operation::Private;
use crate::path::AttributePath;
use crate::schema::{PlannedAttribute, PlannedObject, Schema};
use crate::value::Value;

/// The outcome of the steps.
pub(crate) struct Plan {
    pub planned: Value,
    pub requires_replace: Vec<AttributePath>,
    /// What modifiers report, the crashes of the author's code, and what no plan can hold.
    pub diagnostics: Diagnostics,
}

/// Computes the plan of an object that is being created or updated.
pub(crate) fn plan(schema: &Schema, prior: &Value, proposed: Value, config: &Value, private: &Private) -> Plan {
    let ty = schema.object_type();
    // Elements of a set that turn out to be equal are one.
    let united = |planned: Value| planned.fit(&ty).0;
    let mut planned = proposed;
    forget_write_only(schema, &mut planned);
    each(schema, config, prior, &mut planned, &mut join_sets);
    // Where the prior state is not needed, its sets need not be searched.
    each(schema, config, &Value::Null, &mut planned, &mut put_default);
    let mut diagnostics = Diagnostics::new();
    each(schema, config, prior, &mut planned, &mut |site| keep_spelling(schema, site, &mut diagnostics));
    let settled = united(planned.clone());
    if settled != *prior {
        each(schema, config, &Value::Null, &mut planned, &mut mark_unknown);
    }
    let mut requires_replace = Vec::new();
    let before = planned.clone();
    let object = PlannedObject { config, prior, planned: &before, private };
    each(schema, config, prior, &mut planned, &mut |site| {
        let only_computed = site.item.holds_others() && settled.at(site.path) == Some(site.prior);
        let replaces = run_modifiers(schema, object, site, only_computed, &mut diagnostics);
        if replaces || (!prior.is_null() && open::may_replace(site.item, site.config, site.prior, object)) {
            requires_replace.push(site.path.clone());
        }
        Inside::Visit
    });
    diagnostics.extend(duplicates(schema, config, &mut planned));
    Plan { planned: united(planned), requires_replace, diagnostics }
}

/// Runs the modifiers of an attribute or block. Says whether they replace the object.
fn run_modifiers(
    schema: &Schema,
    object: PlannedObject<'_>,
    site: &mut Site<'_>,
    only_computed: bool,
    diagnostics: &mut Diagnostics,
) -> bool {
    let Site { item, path, config, prior, planned, added, guessed } = site;
    if item.modifiers().is_empty() {
        return false;
    }
    let mut found = Diagnostics::new();
    let mut view = PlannedAttribute {
        path,
        config,
        prior,
        planned,
        object,
        creating: object.prior.is_null(),
        added: *added,
        guessed: *guessed,
        only_computed,
        requires_replace: false,
        diagnostics: &mut found,
    };
    for modifier in item.modifiers() {
        let crash = about(schema, "plan", path, || modifier.modify(&mut view)).err();
        view.diagnostics.extend(crash);
    }
    let requires_replace = view.requires_replace;
    let place = |one: Diagnostic| if one.path.is_none() { one.at(path.clone()) } else { one };
    diagnostics.extend(found.into_iter().map(place));
    requires_replace
}

/// Runs a piece of the author's code that is about the value at a path.
fn about<T>(schema: &Schema, what: &str, path: &AttributePath, piece: impl FnOnce() -> T) -> Result<T, Diagnostic> {
    let (sensitive, shown) = schema.secrecy(path);
    caught_about(what, &path.shown(shown), sensitive, piece)
}

/// In a state that was read or applied: values that only spell the former one differently keep its spelling.
pub(crate) fn keep_spellings(schema: &Schema, former: &Value, state: &mut Value, diagnostics: &mut Diagnostics) {
    each(schema, &Value::Null, former, state, &mut |site| keep_spelling(schema, site, diagnostics));
}

/// Write-only values are null in every plan and state.
pub(crate) fn forget_write_only(schema: &Schema, state: &mut Value) {
    each(schema, &Value::Null, &Value::Null, state, &mut |site| {
        if site.item.attribute().is_some_and(|attribute| attribute.write_only) {
            *site.planned = Value::Null;
        }
        Inside::Visit
    });
}

fn join_sets(site: &mut Site<'_>) -> Inside {
    if let (Some(children), Value::Set(elements), Value::Set(_)) = (site.item.in_set(), site.config, &site.planned) {
        *site.planned = join(children, elements, site.prior);
    }
    Inside::Visit
}

fn put_default(site: &mut Site<'_>) -> Inside {
    let Item::Attribute(attribute) = site.item else { return Inside::Visit };
    if !site.config.is_null() {
        return Inside::Visit;
    }
    if let Some(default) = &attribute.default {
        site.planned.clone_from(default);
    }
    // What is not configured as a whole has nothing inside that the configuration leaves out.
    Inside::Skip
}

fn keep_spelling(schema: &Schema, site: &mut Site<'_>, diagnostics: &mut Diagnostics) -> Inside {
    let Some(attribute) = site.item.attribute().filter(|one| one.equivalence.is_some()) else { return Inside::Visit };
    match about(schema, "compare the values of", site.path, || attribute.equivalent(site.prior, site.planned)) {
        Ok(true) => site.planned.clone_from(site.prior),
        Ok(false) => {}
        Err(crash) => diagnostics.push(crash.at(site.path.clone())),
    }
    Inside::Visit
}

fn mark_unknown(site: &mut Site<'_>) -> Inside {
    if let Item::Attribute(attribute) = site.item
        && attribute.computed
        && attribute.default.is_none()
        && site.config.is_null()
    {
        *site.planned = Value::unknown();
    }
    Inside::Visit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Attribute, Block, BlockNesting, Nesting, PlanModifier};

    fn plan(schema: &Schema, prior: &Value, proposed: Value, config: &Value) -> Plan {
        super::plan(schema, prior, proposed, config, &Private::default())
    }

    fn schema() -> Schema {
        let same_letters = |a: &Value, b: &Value| match (a, b) {
            (Value::String(a), Value::String(b)) => a.eq_ignore_ascii_case(b),
            _ => false,
        };
        Schema::new("A thing.")
            .attribute("id", Attribute::string("Id.").computed().use_state_for_unknown())
            .attribute("kind", Attribute::string("Kind.").required().requires_replace())
            .attribute("key", Attribute::string("Key.").optional().equivalent_when(same_letters).requires_replace())
            .attribute("locked", Attribute::bool("Locked.").default(false))
            .attribute("status", Attribute::string("Status.").computed())
    }

    fn object(id: Value, kind: &str, key: &str, locked: Value, status: Value) -> Value {
        Value::object([
            ("id", id),
            ("kind", Value::from(kind)),
            ("key", Value::from(key)),
            ("locked", locked),
            ("status", status),
        ])
    }

    fn state() -> Value {
        object(Value::from("t-1"), "a", "k", Value::Bool(false), Value::from("up"))
    }

    fn config(kind: &str, key: &str, locked: Value) -> Value {
        object(Value::Null, kind, key, locked, Value::Null)
    }

    #[test]
    fn a_create_has_defaults_and_unknowns() {
        let config = config("a", "k", Value::Null);
        let plan = plan(&schema(), &Value::Null, config.clone(), &config);
        assert_eq!(plan.planned, object(Value::unknown(), "a", "k", Value::Bool(false), Value::unknown()));
        assert!(plan.requires_replace.is_empty());
    }

    #[test]
    fn without_a_change_the_plan_is_the_state() {
        let plan = plan(&schema(), &state(), state(), &config("a", "K", Value::Null));
        assert_eq!(plan.planned, state());
    }

    #[test]
    fn another_spelling_is_no_change() {
        let proposed = object(Value::from("t-1"), "a", "K", Value::Bool(false), Value::from("up"));
        let plan = plan(&schema(), &state(), proposed, &config("a", "K", Value::Null));
        assert_eq!(plan.planned, state());
        assert!(plan.requires_replace.is_empty());
    }

    #[test]
    fn an_update_keeps_the_id_and_leaves_volatile_values_open() {
        let proposed = object(Value::from("t-1"), "a", "k", Value::Bool(true), Value::from("up"));
        let plan = plan(&schema(), &state(), proposed, &config("a", "k", Value::Bool(true)));
        assert_eq!(plan.planned, object(Value::from("t-1"), "a", "k", Value::Bool(true), Value::unknown()));
    }

    #[test]
    fn a_replacement_names_its_cause() {
        let proposed = object(Value::from("t-1"), "b", "k", Value::Bool(false), Value::from("up"));
        let plan = plan(&schema(), &state(), proposed, &config("b", "k", Value::Null));
        assert_eq!(plan.requires_replace, [AttributePath::of("kind")]);
    }

    #[test]
    fn nested_attributes_and_blocks_follow_the_same_rules() {
        let disk = [
            ("kind", Attribute::string("Kind.").default("ssd").requires_replace()),
            ("device", Attribute::string("Device.").computed()),
        ];
        let schema = Schema::new("A thing.")
            .attribute("disks", Attribute::nested(Nesting::List, disk, "Disks.").optional())
            .block(
                "rule",
                Block::new(BlockNesting::Set, "Rules.")
                    .attribute("port", Attribute::integer("Port.").required())
                    .attribute("id", Attribute::string("Id.").computed()),
            );
        let object = |kind: Value, device: Value, id: Value| {
            let disk = Value::object([("kind", kind), ("device", device)]);
            let rule = Value::object([("port", 22.into()), ("id", id)]);
            Value::object([("disks", Value::List(vec![disk])), ("rule", Value::Set(vec![rule]))])
        };
        let config = object(Value::Null, Value::Null, Value::Null);
        let created = plan(&schema, &Value::Null, config.clone(), &config);
        assert_eq!(created.planned, object("ssd".into(), Value::unknown(), Value::unknown()));
        assert!(created.requires_replace.is_empty());
        let prior = object("hdd".into(), "sda".into(), "r-1".into());
        let proposed = object(Value::Null, "sda".into(), "r-1".into());
        let replaced = plan(&schema, &prior, proposed, &config);
        assert_eq!(replaced.requires_replace, [AttributePath::of("disks").index(0).attribute("kind")]);
        assert_eq!(replaced.planned, object("ssd".into(), Value::unknown(), Value::unknown()));
    }

    /// A thing with a set of disks, as attribute or as blocks.
    fn disks(block: bool) -> Schema {
        let same_letters = |a: &Value, b: &Value| format!("{a:?}").eq_ignore_ascii_case(&format!("{b:?}"));
        let attributes = || {
            [
                ("name", Attribute::string("Name.").required().equivalent_when(same_letters)),
                ("size", Attribute::integer("Size.").default(10)),
                ("kind", Attribute::string("Kind.").optional().requires_replace()),
                ("id", Attribute::string("Id.").computed().use_state_for_unknown()),
                ("status", Attribute::string("Status.").computed()),
            ]
        };
        let schema = Schema::new("A thing.").attribute("title", Attribute::string("Title.").optional());
        if block {
            let mut disks = Block::new(BlockNesting::Set, "Disks.");
            for (name, attribute) in attributes() {
                disks = disks.attribute(name, attribute);
            }
            return schema.block("disks", disks);
        }
        schema.attribute("disks", Attribute::nested(Nesting::Set, attributes(), "Disks.").optional())
    }

    /// A disk with its name, size, kind, id and status.
    fn disk(values: [Value; 5]) -> Value {
        Value::object(["name", "size", "kind", "id", "status"].into_iter().zip(values))
    }

    fn configured(name: &str, size: Option<i64>, kind: &str) -> Value {
        let size = size.map_or(Value::Null, Value::from);
        disk([name.into(), size, kind.into(), Value::Null, Value::Null])
    }

    fn made(name: &str, size: i64, kind: &str, id: &str) -> Value {
        disk([name.into(), size.into(), kind.into(), id.into(), "up".into()])
    }

    fn planned(name: &str, size: i64, kind: &str, id: Option<&str>) -> Value {
        let id = id.map_or(Value::unknown(), Value::from);
        disk([name.into(), size.into(), kind.into(), id, Value::unknown()])
    }

    /// The disks that are planned for these, and the attributes that replace the thing.
    fn plan_disks(config: &[Value], prior: &[Value]) -> (Value, Vec<String>) {
        let thing = |disks: &[Value]| Value::object([("title", "t".into()), ("disks", Value::set(disks.to_vec()))]);
        let plans = [false, true].map(|block| {
            let (config, prior) = (thing(config), thing(prior));
            plan(&disks(block), &prior, config.clone(), &config)
        });
        let reported = plans.map(|plan| {
            let paths = plan.requires_replace.into_iter().map(|path| path.to_string()).collect();
            (plan.planned.get("disks").cloned().expect("there are disks"), paths)
        });
        assert_eq!(reported[0], reported[1], "an attribute and a block");
        reported.into_iter().next().expect("there are two")
    }

    #[test]
    fn an_element_of_a_set_is_planned_as_what_it_was() {
        let prior = || vec![made("a", 10, "x", "1"), made("b", 20, "x", "2")];
        // Nothing changes, but the spelling.
        let same = vec![configured("A", None, "x"), configured("b", Some(20), "x")];
        assert_eq!(plan_disks(&same, &prior()), (Value::set(prior()), vec![]));
        // A size that is taken back is the default again.
        let (planned_disks, replaced) = plan_disks(&[configured("a", None, "x"), configured("b", None, "x")], &prior());
        let expected = [planned("a", 10, "x", Some("1")), planned("b", 10, "x", Some("2"))];
        assert_eq!((planned_disks, replaced), (Value::set(expected), vec![]));
        // An element that goes leaves the others what they are.
        let (planned_disks, replaced) = plan_disks(&[configured("b", Some(20), "x")], &prior());
        assert_eq!((planned_disks, replaced), (Value::set([planned("b", 20, "x", Some("2"))]), vec![]));
    }

    #[test]
    fn an_element_of_a_set_that_changes_is_another_one() {
        let prior = || vec![made("a", 10, "x", "1"), made("b", 20, "x", "2")];
        let (planned_disks, replaced) =
            plan_disks(&[configured("a", None, "x"), configured("b", Some(30), "x")], &prior());
        let expected = [planned("a", 10, "x", Some("1")), planned("b", 30, "x", None)];
        assert_eq!((planned_disks, replaced), (Value::set(expected), vec![]));
        let (planned_disks, replaced) =
            plan_disks(&[configured("a", None, "x"), configured("b", Some(20), "y")], &prior());
        let expected = [planned("a", 10, "x", Some("1")), planned("b", 20, "y", None)];
        assert_eq!((planned_disks, replaced), (Value::set(expected), vec!["disks[element].kind".to_owned()]));
    }

    #[test]
    fn elements_that_differ_only_in_a_default_keep_apart() {
        let prior = || vec![made("a", 10, "x", "1"), made("a", 20, "x", "2")];
        let config = || vec![configured("a", None, "x"), configured("a", Some(20), "x")];
        assert_eq!(plan_disks(&config(), &prior()), (Value::set(prior()), vec![]));
    }

    #[test]
    fn a_block_can_replace_its_object() {
        for nesting in [BlockNesting::Single, BlockNesting::List, BlockNesting::Set] {
            let block = Block::new(nesting, "Rule.")
                .attribute("port", Attribute::integer("Port.").required())
                .attribute("id", Attribute::string("Id.").computed())
                .requires_replace();
            let schema =
                Schema::new("A thing.").attribute("title", Attribute::string("Title.").optional()).block("rule", block);
            let thing = |title: &str, port: i64, id: Value| {
                let rule = Value::object([("port", port.into()), ("id", id)]);
                let rule = match nesting {
                    BlockNesting::Single => rule,
                    BlockNesting::List => Value::List(vec![rule]),
                    BlockNesting::Set => Value::Set(vec![rule]),
                };
                Value::object([("title", title.into()), ("rule", rule)])
            };
            let prior = thing("t", 1, "r-1".into());
            let replaced = |title, port| {
                let config = thing(title, port, Value::Null);
                plan(&schema, &prior, thing(title, port, "r-1".into()), &config).requires_replace
            };
            assert_eq!(replaced("t", 2), [AttributePath::of("rule")], "{nesting:?}");
            assert_eq!(replaced("u", 1), [], "{nesting:?}");
        }
    }

    #[test]
    fn the_default_of_a_set_may_be_written_as_a_list() {
        let tags =
            Attribute::set(crate::value::Type::String, "Tags.").default(Value::List(vec!["b".into(), "a".into()]));
        let schema = Schema::new("A thing.").attribute("tags", tags);
        let config = Value::object([("tags", Value::Null)]);
        let prior = Value::object([("tags", Value::set(["a".into(), "b".into()]))]);
        assert_eq!(plan(&schema, &prior, prior.clone(), &config).planned, prior);
    }

    #[test]
    fn write_only_values_are_in_no_plan() {
        let schema =
            Schema::new("A thing.").attribute("password", Attribute::string("Password.").required().write_only());
        let config = Value::object([("password", Value::from("secret"))]);
        let plan = plan(&schema, &Value::Null, config.clone(), &config);
        assert_eq!(plan.planned, Value::object([("password", Value::Null)]));
    }

    /// Plans with one attribute more that changes, so that what is computed becomes unknown.
    fn plan_change(schema: Schema, name: &str, config: Value, prior: Value) -> Value {
        let schema = schema.attribute("title", Attribute::string("Title.").optional());
        let thing = |title: &str, value: Value| Value::object([("title", title.into()), (name, value)]);
        let (config, prior) = (thing("new", config), thing("old", prior));
        plan(&schema, &prior, config.clone(), &config).planned.get(name).cloned().expect("it is planned")
    }

    /// Objects with a name and an id, of which each modifier is asked to keep the id.
    #[test]
    fn the_state_is_kept_in_what_is_nested() {
        let object = |name: &str, id: Value| Value::object([("name", name.into()), ("id", id)]);
        let one = |value: Value| Value::List(vec![value]);
        for non_null in [false, true] {
            let id = || {
                let id = Attribute::string("Id.").computed();
                if non_null { id.use_non_null_state_for_unknown() } else { id.use_state_for_unknown() }
            };
            let attributes = || [("name", Attribute::string("Name.").required()), ("id", id())];
            let of_null = || if non_null { Value::unknown() } else { Value::Null };
            // The first object is as it was, the second is added.
            let config = || [object("a", Value::Null), object("b", Value::Null)];
            for (prior, kept) in [(Value::from("1"), Value::from("1")), (Value::Null, of_null())] {
                let prior = || object("a", prior.clone());
                let planned = [object("a", kept), object("b", Value::unknown())];
                for (nesting, block) in [(Nesting::List, BlockNesting::List), (Nesting::Set, BlockNesting::Set)] {
                    let hold = |elements: Vec<Value>| match nesting {
                        Nesting::Set => Value::set(elements),
                        _ => Value::List(elements),
                    };
                    let (config, prior) = (hold(config().into()), hold(vec![prior()]));
                    let attribute = Attribute::nested(nesting, attributes(), "It.").optional();
                    let schema = Schema::new("A thing.").attribute("it", attribute);
                    assert_eq!(plan_change(schema, "it", config.clone(), prior.clone()), hold(planned.to_vec()));
                    let [(name, first), (other, second)] = attributes();
                    let block = Block::new(block, "It.").attribute(name, first).attribute(other, second);
                    let schema = Schema::new("A thing.").block("it", block);
                    assert_eq!(plan_change(schema, "it", config, prior), hold(planned.to_vec()));
                }
                // In a map, and in an object that is added.
                let hold = |[a, b]: [Value; 2]| Value::object([("a", a), ("b", b)]);
                let map = Attribute::nested(Nesting::Map, attributes(), "It.").optional();
                let schema = Schema::new("A thing.").attribute("it", map);
                let before = Value::object([("a", prior())]);
                assert_eq!(plan_change(schema, "it", hold(config()), before), hold(planned.clone()));
                let single = Attribute::nested(Nesting::Single, attributes(), "It.").optional();
                let list = Attribute::nested(Nesting::List, [("in", single)], "It.").optional();
                let schema = Schema::new("A thing.").attribute("it", list);
                let inside = |value: Value| one(Value::object([("in", value)]));
                let [_, added] = config();
                assert_eq!(plan_change(schema, "it", inside(added), inside(Value::Null)), inside(planned[1].clone()));
            }
        }
    }

    /// Says what it sees.
    struct Sees;

    impl PlanModifier for Sees {
        fn modify(&self, attribute: &mut PlannedAttribute<'_>) {
            let PlannedObject { config, prior, planned, private } = attribute.object;
            let text = |value: &Value| value.get("kind").and_then(Value::as_str).unwrap_or("none").to_owned();
            let seen = format!(
                "{} {} {} {:?} {} {}",
                text(config),
                text(prior),
                text(planned),
                private.text("seal"),
                attribute.creating,
                attribute.added
            );
            attribute.warn("Seen", seen);
            if config.get("kind").and_then(Value::as_str) == Some("bad") {
                attribute.refuse("Bad", "It is bad.");
            }
        }
    }

    #[test]
    fn a_modifier_sees_the_whole_object_and_reports_at_its_attribute() {
        let disk = [("id", Attribute::string("Id.").optional().modify(Sees))];
        let schema = Schema::new("A thing.")
            .attribute("kind", Attribute::string("Kind.").default("ssd"))
            .attribute("disks", Attribute::nested(Nesting::List, disk, "Disks.").optional());
        let thing = |kind: Value, disks: usize| {
            let disk = Value::object([("id", "d".into())]);
            Value::object([("kind", kind), ("disks", Value::List(vec![disk; disks]))])
        };
        let mut private = Private::default();
        private.set("seal", "s");
        let reported = |prior: &Value, config: Value| -> Vec<_> {
            let plan = super::plan(&schema, prior, config.clone(), &config, &private);
            plan.diagnostics
                .into_iter()
                .map(|one| format!("{}: {}", one.path.expect("it has one"), one.detail))
                .collect()
        };
        assert_eq!(reported(&Value::Null, thing(Value::Null, 1)), ["disks[0].id: none none ssd Some(\"s\") true true"]);
        assert_eq!(
            reported(&thing("hdd".into(), 1), thing("bad".into(), 2)),
            [
                "disks[0].id: bad hdd bad Some(\"s\") false false",
                "disks[0].id: It is bad.",
                "disks[1].id: bad hdd bad Some(\"s\") false true",
                "disks[1].id: It is bad.",
            ]
        );
    }

    #[test]
    fn a_replacement_can_depend_on_what_is_configured_and_on_a_condition() {
        let size = |attribute: Attribute| {
            attribute.requires_replace_if("it shrinks", |size| size.planned.as_i64() < size.prior.as_i64())
        };
        let disk = || {
            [
                ("size", size(Attribute::integer("Size.").required())),
                ("kind", Attribute::string("Kind.").default("ssd").requires_replace_if_configured()),
            ]
        };
        let disk_block = |nesting| {
            let [(a, size), (b, kind)] = disk();
            Block::new(nesting, "Disks.").attribute(a, size).attribute(b, kind)
        };
        let object = |size: i64, kind: Value| Value::object([("size", size.into()), ("kind", kind)]);
        let schemas = [
            (
                false,
                Schema::new("A thing.")
                    .attribute("disk", Attribute::nested(Nesting::List, disk(), "Disks.").optional()),
            ),
            (
                true,
                Schema::new("A thing.").attribute("disk", Attribute::nested(Nesting::Set, disk(), "Disks.").optional()),
            ),
            (false, Schema::new("A thing.").block("disk", disk_block(BlockNesting::List))),
            (true, Schema::new("A thing.").block("disk", disk_block(BlockNesting::Set))),
        ];
        for (set, schema) in schemas {
            let thing =
                |disk: Value| Value::object([("disk", if set { Value::set([disk]) } else { Value::List(vec![disk]) })]);
            let replaces = |before: Value, config: Value| {
                let config = thing(config);
                plan(&schema, &thing(before), config.clone(), &config).requires_replace.len()
            };
            let hdd = || object(10, "hdd".into());
            assert_eq!(replaces(hdd(), object(20, "hdd".into())), 0, "it grows");
            assert_eq!(replaces(hdd(), object(5, "hdd".into())), 1, "it shrinks");
            assert_eq!(replaces(hdd(), object(10, "nvme".into())), 1, "another kind");
            assert_eq!(replaces(hdd(), object(10, Value::Null)), 0, "the kind is taken out");
        }
    }
}
