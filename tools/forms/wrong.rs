//! Values that are wrong: each is one error at its argument, whenever Terraform comes to know it.

use std::collections::BTreeMap;

use fastrand::Rng;

use crate::case::{Case, Mistakes, Phase};
use crate::form::{Form, Source, Wrapper};
use crate::instance::{Cell, Instance, Placement, Timeouts};
use crate::kind::Absent;
use crate::value::{Type, Value};

/// No message may contain this.
pub const SECRET: &str = "b3BlbnNzaC1rZXktdjEAAAAA";

/// The wrong values of an argument. Those of another type are written as they are.
fn wrong(kind: &str, argument: &str) -> Vec<Value> {
    let raw = |text: &str| Value::Raw(text.to_owned());
    let private = format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{SECRET}\n");
    match argument {
        "name" if kind == "tensorpool_object_storage_bucket" => vec![Value::text(""), Value::Null, raw("[]")],
        "name" => vec![Value::text(""), raw("{}"), raw("[\"a\"]")],
        "instance_type" | "storage_id" | "cluster_id" => vec![Value::text(""), Value::Null, raw("[]")],
        "num_nodes" => {
            ["0", "-1", "1.5", "1e30", "4294967296"].map(Value::number).into_iter().chain([raw("\"two\"")]).collect()
        }
        "size_gb" => {
            let numbers = ["0", "-5", "0.5", "99999999999999999999"].map(Value::number);
            numbers.into_iter().chain([Value::Null, raw("\"1 TB\"")]).collect()
        }
        "public_keys" => {
            let texts = |texts: &[&str]| Value::Texts(texts.iter().map(|text| (*text).to_owned()).collect());
            vec![
                texts(&["garbage"]),
                texts(&[""]),
                texts(&[&private]),
                raw("[null]"),
                raw("[tostring(null), \"garbage\"]"),
                raw("\"garbage\""),
                raw("[[\"garbage\"]]"),
            ]
        }
        "public_key" => vec![Value::text(""), Value::text("~/.ssh/id.pub"), Value::Text(private), Value::Null],
        "balance_warning_threshold" => vec![Value::number("0"), Value::number("-0.5"), raw("\"$5\"")],
        "autopay_reload_threshold" => vec![Value::number("19.99"), Value::number("5000")],
        "autopay_enabled" => vec![Value::Bool(true), raw("\"on\"")],
        "container" => vec![raw("[]"), raw("{}")],
        _ => vec![raw("\"yes\""), raw("1"), raw("[]")],
    }
}

const LIMITS: [&str; 4] = ["soon", "-1m", "", "5"];

/// How often something that fits is drawn before it counts as impossible.
const TRIES: usize = 1_000;

/// A form in which a value is found to be wrong in a phase; `None` if there is hardly any.
fn form(rng: &mut Rng, phase: Phase, ty: Type, value: &Value) -> Option<Form> {
    let is_raw = matches!(value, Value::Raw(_));
    let fits = |form: &Form| {
        let from_file = matches!(form.source, Source::Literal | Source::Spelled(_) | Source::File);
        let known = !form.wrappers.iter().any(|one| matches!(one, Wrapper::AfterApply(_)));
        // What comes out of a variable or a module is not known before a plan.
        let planned = [Wrapper::Conditional, Wrapper::Module].iter().any(|one| form.wrappers.contains(one));
        let in_phase = match phase {
            Phase::Validate => from_file && known && !planned,
            Phase::Plan => known && !from_file,
            Phase::Apply => true,
        };
        in_phase && !(is_raw && form.converts())
    };
    let form = std::iter::repeat_with(|| Form::choose(rng, ty, value)).take(TRIES).find(fits)?;
    Some(if phase == Phase::Apply && !is_raw { form.unknown_again() } else { form })
}

/// A case that begins with mistakes, which are then corrected.
pub fn choose(seed: u64, index: usize, size: usize) -> Case {
    let mut case = Case::choose(seed, index, size);
    let rng = &mut Rng::with_seed(seed.wrapping_add((index as u64) << 32).wrapping_add(7));
    let phase = [Phase::Validate, Phase::Plan, Phase::Apply][index % 3];
    let mut arguments = BTreeMap::new();
    let right = case.steps.swap_remove(0);
    let mut first = Vec::new();
    for instance in &right {
        let mut instance = Instance { timeouts: Timeouts::Absent, ..instance.clone() };
        if phase == Phase::Validate && !matches!(instance.placement, Placement::Count | Placement::Set) {
            instance.placement = Placement::Plain;
        }
        // What else stands there is plain, so that nothing else is unknown or wrong.
        for cell in instance.arguments.values_mut() {
            cell.form = Form::LITERAL;
        }
        let argument = mistake(rng, phase, &mut instance);
        arguments.insert(instance.id, argument);
        first.push(instance);
    }
    let last = right.iter().map(crate::edit::unprotected).collect();
    case.steps = vec![first, right, last];
    case.mistakes = Some(Mistakes { phase, arguments });
    case
}

/// Makes one argument or time limit wrong, and says which.
fn mistake(rng: &mut Rng, phase: Phase, instance: &mut Instance) -> &'static str {
    let argument = if rng.u8(..6) == 0 { None } else { wrong_argument(rng, phase, instance) };
    // Every kind has time limits, and they are wrong in every form.
    argument.unwrap_or_else(|| wrong_limit(rng, phase, instance))
}

fn wrong_limit(rng: &mut Rng, phase: Phase, instance: &mut Instance) -> &'static str {
    let limits = instance.kind.timeouts;
    let limit = limits[rng.usize(..limits.len())];
    let value = Value::text(LIMITS[rng.usize(..LIMITS.len())]);
    let form = form(rng, phase, Type::Text, &value).expect("a text has forms in every phase");
    instance.timeouts = if rng.bool() { Timeouts::Block } else { Timeouts::Dynamic };
    instance.limits = BTreeMap::from([(limit, Cell { value, form })]);
    limit
}

/// Makes one argument wrong; `None` if no value of one is found to be wrong in the phase.
fn wrong_argument(rng: &mut Rng, phase: Phase, instance: &mut Instance) -> Option<&'static str> {
    let kind = instance.kind;
    let mut candidates = Vec::new();
    for argument in &kind.arguments {
        for value in wrong(kind.type_name, argument.name) {
            // Terraform itself converts other types, and finds them wrong before it plans.
            let raw = matches!(value, Value::Raw(_)) && phase != Phase::Validate;
            // A `terraform_data` gives null for null at once.
            let null = value.is_null() && (!matches!(argument.absent, Absent::Refused) || phase == Phase::Apply);
            if !raw && !null {
                candidates.push((argument, value));
            }
        }
    }
    rng.shuffle(&mut candidates);
    let (argument, Cell { value, form }) = candidates.into_iter().find_map(|(argument, value)| {
        let form = form(rng, phase, argument.ty, &value)?;
        Some((argument, Cell { value, form }))
    })?;
    let others: &[&str] = match argument.name {
        "autopay_enabled" => &["autopay_reload_threshold"],
        "balance_warning_threshold" => &["autopay_reload_threshold", "autopay_enabled"],
        "autopay_reload_threshold" => &["autopay_enabled"],
        _ => &[],
    };
    for other in others {
        instance.arguments.remove(other);
    }
    if value == Value::number("5000") {
        let warning = Cell { value: Value::number("100"), form: Form::LITERAL };
        instance.arguments.insert("balance_warning_threshold", warning);
    }
    instance.arguments.insert(argument.name, Cell { value, form });
    Some(argument.name)
}
