//! What users change between two applies.

use fastrand::Rng;

use crate::form::Form;
use crate::instance::{Cell, Instance, Placement, Timeouts, cell, limits};
use crate::kind::{Absent, PROTECTION};
use crate::value::{Same, Value};

/// An edit of one resource. `serial` makes new names unique.
pub fn edit(rng: &mut Rng, before: &Instance, serial: usize) -> Instance {
    let mut after = before.clone();
    for _ in 0..*rng.choice(&[0, 1, 1, 1, 2, 3]).unwrap_or(&1) {
        match rng.u8(..12) {
            0..=1 => change_value(rng, &mut after, serial),
            2..=3 => change_form(rng, &mut after),
            4 => after.arguments.values_mut().for_each(|cell| reform(rng, cell)),
            5 => make_null(rng, &mut after),
            6 => add_or_remove(rng, &mut after, serial),
            7 => {
                if let Some(cell) = any(rng, &mut after) {
                    cell.form = cell.form.unknown_again();
                }
            }
            8 => change_list(rng, &mut after),
            9 => rename(rng, &mut after, serial),
            10 => after.placement = Placement::choose(rng),
            _ => change_timeouts(rng, &mut after),
        }
    }
    keep_rules(before, &mut after);
    after
}

fn any<'a>(rng: &mut Rng, instance: &'a mut Instance) -> Option<&'a mut Cell> {
    let count = instance.arguments.len();
    if count == 0 { None } else { instance.arguments.values_mut().nth(rng.usize(..count)) }
}

/// Writes a value in another form. The type is found in the value; null has any.
fn reform(rng: &mut Rng, cell: &mut Cell) {
    cell.form = Form::choose(rng, cell.value.ty(), &cell.value);
}

fn change_form(rng: &mut Rng, instance: &mut Instance) {
    if let Some(cell) = any(rng, instance) {
        reform(rng, cell);
    }
}

fn change_value(rng: &mut Rng, instance: &mut Instance, serial: usize) {
    let kind = instance.kind;
    let argument = &kind.arguments[rng.usize(..kind.arguments.len())];
    let value = (argument.value)(rng, &format!("r{}_{serial}", instance.id));
    if let Some(cell) = instance.arguments.get_mut(argument.name) {
        // Often only the value changes, and the form stays as it is.
        if !cell.form.fits(argument.ty, &value) {
            cell.form = Form::choose(rng, argument.ty, &value);
        }
        cell.value = value;
    }
}

fn make_null(rng: &mut Rng, instance: &mut Instance) {
    let kind = instance.kind;
    let argument = &kind.arguments[rng.usize(..kind.arguments.len())];
    if !matches!(argument.absent, Absent::Refused) {
        let null = Cell { form: Form::choose(rng, argument.ty, &Value::Null), value: Value::Null };
        instance.arguments.insert(argument.name, null);
    }
}

fn add_or_remove(rng: &mut Rng, instance: &mut Instance, serial: usize) {
    let kind = instance.kind;
    let argument = &kind.arguments[rng.usize(..kind.arguments.len())];
    if matches!(argument.absent, Absent::Refused) {
        return;
    }
    if instance.arguments.remove(argument.name).is_none() {
        let serial = format!("r{}_{serial}", instance.id);
        let chosen = cell(rng, argument.ty, true, |rng| (argument.value)(rng, &serial));
        instance.arguments.insert(argument.name, chosen);
    }
}

/// Edits of lists, and of what else is the same when it is written otherwise.
fn change_list(rng: &mut Rng, instance: &mut Instance) {
    let kind = instance.kind;
    for (name, cell) in &mut instance.arguments {
        match &mut cell.value {
            Value::Texts(texts) => match rng.u8(..6) {
                0 => rng.shuffle(texts),
                1 => texts.truncate(texts.len().saturating_sub(1)),
                2 => texts.extend(texts.first().cloned()),
                3 => texts.insert(0, crate::kind::key(rng)),
                4 => texts.clear(),
                _ => texts.iter_mut().for_each(|key| *key = format!("  {} another comment", key.trim())),
            },
            Value::Text(text) if kind.argument(name).same == Same::Key => *text = format!("{} again\n", text.trim()),
            _ => {}
        }
        if !cell.form.fits(cell.value.ty(), &cell.value) {
            reform(rng, cell);
        }
    }
}

/// Another label, with a `moved` block.
fn rename(rng: &mut Rng, instance: &mut Instance, serial: usize) {
    instance.label = format!("r{}_{}{serial}", instance.id, rng.alphabetic());
}

fn change_timeouts(rng: &mut Rng, instance: &mut Instance) {
    instance.timeouts = match instance.timeouts {
        Timeouts::DynamicUnknown(trigger) if rng.bool() => Timeouts::DynamicUnknown(trigger + 1),
        _ => Timeouts::choose(rng),
    };
    if rng.bool() {
        instance.limits = limits(rng, instance.kind);
    }
}

/// Takes back what is refused by right: what would replace a protected object, and what shrinks a volume.
fn keep_rules(before: &Instance, after: &mut Instance) {
    after.keep_rules();
    if before.arguments.get(PROTECTION).is_some_and(|cell| cell.value == Value::Bool(true)) {
        for argument in after.kind.arguments.iter().filter(|argument| argument.replaces) {
            match before.arguments.get(argument.name) {
                Some(cell) => after.arguments.insert(argument.name, cell.clone()),
                None => after.arguments.remove(argument.name),
            };
        }
    }
    let size = |instance: &Instance| match &instance.arguments.get("size_gb")?.value {
        Value::Number(digits) => digits.parse::<u64>().ok(),
        _ => None,
    };
    if size(after) < size(before)
        && let (Some(old), Some(new)) = (before.arguments.get("size_gb"), after.arguments.get_mut("size_gb"))
    {
        new.value = old.value.clone();
    }
}

/// What a configuration must be before everything can be destroyed: nothing is protected.
pub fn unprotected(before: &Instance) -> Instance {
    let mut after = before.clone();
    for (name, value) in [(PROTECTION, false), ("allow_disable", true)] {
        let has = after.kind.arguments.iter().any(|argument| argument.name == name);
        let is_so = after.arguments.get(name).is_some_and(|cell| cell.value == Value::Bool(value));
        if has && !is_so {
            after.arguments.insert(name, Cell { value: Value::Bool(value), form: Form::LITERAL });
        }
    }
    after
}
