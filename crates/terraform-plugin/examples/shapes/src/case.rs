//! One case: a resource, and how its configuration changes from one apply to the next.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use fastrand::Rng;

use crate::expression::{Expression, Given, Style};
use crate::kind::{Field, Holding, Kind};
use crate::random::Random;
use crate::schema::{RESOURCES, Resource};
use crate::write::{Place, Writer};

/// How the instances of a resource are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    One,
    Count,
    ForEach,
}

/// The objects of one round by the key of their instance.
pub type Instances = BTreeMap<String, Expression>;

/// A resource and its configurations, one for each round.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub number: usize,
    /// Which of the [`RESOURCES`].
    pub resource: usize,
    pub mode: Mode,
    /// Whether what replaces an object is there before the object goes.
    pub create_first: bool,
    pub rounds: Vec<Instances>,
}

/// How many configurations each case has, one after the other.
pub const ROUNDS: usize = 4;

const KEYS: [&str; 4] = ["a", "b", "c d", "5"];

impl Case {
    /// The case of this number. Another seed is another case.
    pub fn new(seed: u64, number: usize) -> Self {
        let mut rng = Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
        let oddity = if rng.u8(..4) == 0 { 0.0 } else { 0.1 + 0.3 * rng.f64() };
        let resource = rng.usize(..RESOURCES.len());
        let mode =
            *[Mode::One, Mode::One, Mode::One, Mode::Count, Mode::ForEach].get(rng.usize(..5)).unwrap_or(&Mode::One);
        let fields = &RESOURCES[resource].fields;
        let density = 0.2 + 0.4 * rng.f64();
        let mut random = Random { rng, oddity };
        let count = if mode == Mode::One { 1 } else { random.rng.usize(1..=3) };
        let first = (0..count).map(|at| (key(mode, at), random.object(fields, density).into())).collect();
        let mut rounds: Vec<Instances> = vec![first];
        while rounds.len() < ROUNDS {
            let mut next = rounds.last().cloned().unwrap_or_default();
            for object in next.values_mut() {
                // Now and then nothing changes.
                if random.chance(0.85) {
                    random.edit_object(object, fields);
                }
            }
            if mode != Mode::One && random.chance(0.3) {
                let (at, density) = (next.len(), 0.4);
                if at > 1 && random.chance(0.5) {
                    next.remove(&key(mode, at - 1));
                } else if at < KEYS.len() {
                    next.insert(key(mode, at), random.object(fields, density).into());
                }
            }
            rounds.push(next);
        }
        for object in rounds.iter_mut().flat_map(|round| round.values_mut()) {
            settle(object, fields);
        }
        let create_first = random.chance(0.2);
        Self { number, resource, mode, create_first, rounds }
    }

    pub fn kind(&self) -> &'static Resource {
        &RESOURCES[self.resource]
    }

    /// What its names begin with.
    pub fn prefix(&self) -> String {
        format!("c{}", self.number)
    }

    /// Whether something in it is hidden at some time.
    pub fn is_hidden(&self) -> bool {
        self.rounds.iter().flat_map(|round| round.values()).any(Expression::is_hidden)
    }

    /// The address of an instance as Terraform writes it.
    pub fn address(&self, key: &str) -> String {
        let address = format!("{}.{}", self.kind().name, self.prefix());
        match self.mode {
            Mode::One => address,
            Mode::Count => format!("{address}[{key}]"),
            Mode::ForEach => format!("{address}[{key:?}]"),
        }
    }

    /// The configuration of a round. `time` is another one each time.
    pub fn write(&self, round: usize, time: usize) -> String {
        let fields = &self.kind().fields;
        let mut writer = Writer::new(self.prefix());
        let instances = &self.rounds[round];
        let mut body = String::new();
        if self.mode == Mode::One {
            for object in instances.values() {
                write_body(&mut writer, &mut body, object, fields, 1);
            }
        } else {
            writer.guarded = true;
            let all: Vec<_> = instances
                .iter()
                .map(|(key, object)| (key, writer.write(&completed(object, fields), Place::In(fields))))
                .collect();
            let (meta, each) = if self.mode == Mode::Count {
                let all: Vec<_> = all.into_iter().map(|(_, text)| text).collect();
                let local = writer.local(&format!("[{}]", all.join(", ")));
                (format!("  count = length({local})\n"), format!("{local}[count.index]"))
            } else {
                let all: Vec<_> = all.into_iter().map(|(key, text)| format!("{key:?} = {text}")).collect();
                let local = writer.local(&format!("{{ {} }}", all.join(", ")));
                (format!("  for_each = {local}\n"), "each.value".to_owned())
            };
            body.push_str(&meta);
            write_content(&mut body, &each, fields, 1);
        }
        if self.create_first {
            body.push_str("  lifecycle {\n    create_before_destroy = true\n  }\n");
        }
        let resource = format!("resource {:?} {:?} {{\n{body}}}\n", self.kind().name, self.prefix());
        format!("{}{resource}", writer.finish(time))
    }
}

/// Makes sure that Terraform always knows whether a block is there that stands once at most. Where it does not, it takes the
/// block for one of which only the attributes are unknown, and leaving it out afterwards contradicts the plan.
fn settle(object: &mut Expression, fields: &[Field]) {
    let Given::Object(entries) = &mut object.value else { return };
    for (name, one) in entries {
        let Some(field) = fields.iter().find(|field| field.name == name) else { continue };
        let Some((_, inner)) = field.kind.fields().filter(|_| field.kind.is_block()) else { continue };
        let has_single = |field: &Field| matches!(field.kind, Kind::Block(Holding::Single, _));
        let blocks = match &mut one.value {
            Given::Several(blocks) => blocks.as_mut_slice(),
            _ => std::slice::from_mut(one),
        };
        for block in blocks {
            // What these make of something that is unknown in part is unknown as a whole.
            let whole = matches!(block.style, Style::Late | Style::Json | Style::Try) && block.is_late();
            if whole && inner.iter().any(has_single) {
                block.style = Style::Local;
            }
            settle(block, inner);
        }
    }
}

fn key(mode: Mode, at: usize) -> String {
    match mode {
        Mode::One => String::new(),
        Mode::Count => at.to_string(),
        Mode::ForEach => KEYS[at].to_owned(),
    }
}

/// An object with null for what it leaves out, and its blocks as lists: the form in which `dynamic` blocks read it.
fn completed(object: &Expression, fields: &[Field]) -> Expression {
    let Given::Object(entries) = &object.value else { return object.clone() };
    let complete = |field: &Field| {
        let given = entries.get(field.name);
        let value = match (&field.kind.fields(), given) {
            (Some((Holding::Single, fields)), Some(one)) if field.kind.is_block() => {
                Given::Several(vec![completed(one, fields)]).into()
            }
            (Some((_, fields)), Some(several)) if field.kind.is_block() => {
                let Given::Several(blocks) = &several.value else { return (field.name.to_owned(), several.clone()) };
                let blocks = blocks.iter().map(|block| completed(block, fields)).collect();
                Expression { value: Given::Several(blocks), style: several.style }
            }
            (_, None) if field.kind.is_block() => Given::Several(Vec::new()).into(),
            (_, None) => Given::Null.into(),
            (_, Some(given)) => given.clone(),
        };
        (field.name.to_owned(), value)
    };
    let entries = fields.iter().filter(|field| field.settable).map(complete).collect();
    Expression { value: Given::Object(entries), style: object.style }
}

/// The body of a resource or a block, from what each attribute is given.
fn write_body(writer: &mut Writer, body: &mut String, object: &Expression, fields: &[Field], depth: usize) {
    let Given::Object(entries) = &object.value else { return };
    let indent = "  ".repeat(depth);
    for field in fields {
        let Some(given) = entries.get(field.name) else { continue };
        let Some((holding, inner)) = field.kind.fields().filter(|_| field.kind.is_block()) else {
            writer.ephemeral = field.write_only;
            let text = writer.write(given, Place::Of(&field.kind));
            writer.ephemeral = false;
            _ = writeln!(body, "{indent}{} = {text}", field.name);
            continue;
        };
        let blocks = match &given.value {
            Given::Several(blocks) => blocks.as_slice(),
            _ => std::slice::from_ref(given),
        };
        let odd = |one: &Expression| one.style != Style::Literal;
        if odd(given) || blocks.iter().any(odd) {
            let list = Given::Several(blocks.iter().map(|block| completed(block, inner)).collect());
            let style = if holding == Holding::Single { Style::Literal } else { given.style };
            let guarded = std::mem::replace(&mut writer.guarded, true);
            let text = writer.write(&Expression { value: list, style }, Place::Of(&field.kind));
            writer.guarded = guarded;
            write_dynamic(body, field, &text, inner, depth);
        } else {
            for block in blocks {
                _ = writeln!(body, "{indent}{} {{", field.name);
                write_body(writer, body, block, inner, depth + 1);
                _ = writeln!(body, "{indent}}}");
            }
        }
    }
}

/// A body whose attributes are read from an object.
fn write_content(body: &mut String, object: &str, fields: &[Field], depth: usize) {
    let indent = "  ".repeat(depth);
    for field in fields.iter().filter(|field| field.settable) {
        let text = format!("{object}.{}", field.name);
        match field.kind.fields() {
            Some((_, inner)) if field.kind.is_block() => write_dynamic(body, field, &text, inner, depth),
            _ => _ = writeln!(body, "{indent}{} = {text}", field.name),
        }
    }
}

fn write_dynamic(body: &mut String, field: &Field, each: &str, inner: &[Field], depth: usize) {
    let indent = "  ".repeat(depth);
    _ = writeln!(body, "{indent}dynamic {:?} {{\n{indent}  for_each = {each}\n{indent}  content {{", field.name);
    write_content(body, &format!("{}.value", field.name), inner, depth + 2);
    _ = writeln!(body, "{indent}  }}\n{indent}}}");
}
