//! A resource in a configuration: its arguments with their forms, and the way in which the block stands there.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use fastrand::Rng;

use crate::form::Form;
use crate::kind::{Absent, Kind};
use crate::page::{Expression, Page};
use crate::value::{Type, Value};

/// A value and its form.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub value: Value,
    pub form: Form,
}

/// How a block stands in a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    Plain,
    /// `count = 1`.
    Count,
    /// `count = var.yes ? 1 : 0`.
    CountIf,
    /// `for_each = toset(["k"])`.
    Set,
    /// `for_each` over a map of objects, which hold the arguments.
    Map,
    /// The block stands in a module, whose variables are its arguments.
    Module,
}

/// How the block `timeouts` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeouts {
    Absent,
    Block,
    /// A dynamic block for one element.
    Dynamic,
    /// A dynamic block for nothing, which is no block.
    DynamicNone,
    /// A dynamic block for what is known after an apply, with a trigger that makes it unknown again.
    DynamicUnknown(u32),
}

/// A resource in a configuration.
#[derive(Clone, Debug)]
pub struct Instance {
    pub id: usize,
    pub kind: &'static Kind,
    /// Changes when the resource is renamed.
    pub label: String,
    pub placement: Placement,
    pub arguments: BTreeMap<&'static str, Cell>,
    pub timeouts: Timeouts,
    /// What stands in the block `timeouts`.
    pub limits: BTreeMap<&'static str, Cell>,
}

/// An instance as it was written.
#[derive(Clone, Debug)]
pub struct Written {
    pub address: String,
    /// What each argument gives; absent ones are not in it.
    pub arguments: BTreeMap<&'static str, Expression>,
    /// The same for timeouts; none is no block.
    pub limits: Option<BTreeMap<&'static str, Expression>>,
    /// Whether a plan does not know if there is a block `timeouts`.
    pub limits_unknown: bool,
}

const PLACEMENTS: [Placement; 8] = [
    Placement::Plain,
    Placement::Plain,
    Placement::Plain,
    Placement::Count,
    Placement::CountIf,
    Placement::Set,
    Placement::Map,
    Placement::Module,
];
const TIMEOUTS: [Timeouts; 8] = [
    Timeouts::Absent,
    Timeouts::Absent,
    Timeouts::Absent,
    Timeouts::Block,
    Timeouts::Block,
    Timeouts::Dynamic,
    Timeouts::DynamicNone,
    Timeouts::DynamicUnknown(0),
];

impl Placement {
    pub fn choose(rng: &mut Rng) -> Self {
        PLACEMENTS[rng.usize(..PLACEMENTS.len())]
    }
}

impl Timeouts {
    pub fn choose(rng: &mut Rng) -> Self {
        TIMEOUTS[rng.usize(..TIMEOUTS.len())]
    }
}

/// A cell that may well be null, where it can be.
pub fn cell(rng: &mut Rng, ty: Type, nullable: bool, value: impl FnOnce(&mut Rng) -> Value) -> Cell {
    let value = if nullable && rng.u8(..6) == 0 { Value::Null } else { value(rng) };
    Cell { form: Form::choose(rng, ty, &value), value }
}

/// What may stand in a block `timeouts`.
pub fn limits(rng: &mut Rng, kind: &Kind) -> BTreeMap<&'static str, Cell> {
    let chosen: Vec<_> = kind.timeouts.iter().copied().filter(|_| rng.bool()).collect();
    let duration = |rng: &mut Rng| Value::text(*rng.choice(&["5m", "1h30m", "90m", "300s"]).unwrap_or(&"5m"));
    chosen.into_iter().map(|name| (name, cell(rng, Type::Text, true, duration))).collect()
}

impl Instance {
    /// Chooses everything.
    pub fn choose(rng: &mut Rng, id: usize, kind: &'static Kind) -> Self {
        let mut arguments = BTreeMap::new();
        for argument in &kind.arguments {
            let is_required = matches!(argument.absent, Absent::Refused);
            if is_required || rng.u8(..4) > 0 {
                let chosen = cell(rng, argument.ty, !is_required, |rng| (argument.value)(rng, &format!("r{id}_0")));
                arguments.insert(argument.name, chosen);
            }
        }
        let (placement, timeouts, limits) = (Placement::choose(rng), Timeouts::choose(rng), limits(rng, kind));
        let mut instance = Self { id, kind, label: format!("r{id}"), placement, arguments, timeouts, limits };
        instance.keep_rules();
        instance
    }

    /// Makes the values fit together, as the user's own rules demand: autopay needs a threshold too.
    pub fn keep_rules(&mut self) {
        let has_threshold = self.arguments.get("autopay_reload_threshold").is_some_and(|cell| !cell.value.is_null());
        if let Some(cell) = self.arguments.get_mut("autopay_enabled")
            && !has_threshold
            && cell.value == Value::Bool(true)
        {
            *cell = Cell { value: Value::Bool(false), form: Form::LITERAL };
        }
    }

    pub fn address(&self) -> String {
        let (kind, label) = (self.kind.type_name, &self.label);
        match self.placement {
            Placement::Plain => format!("{kind}.{label}"),
            Placement::Count | Placement::CountIf => format!("{kind}.{label}[0]"),
            Placement::Set | Placement::Map => format!("{kind}.{label}[\"k\"]"),
            Placement::Module => format!("module.{label}.{kind}.this"),
        }
    }

    /// Writes the resource, and gives what its arguments are.
    pub fn write(&self, page: &mut Page<'_>) -> Written {
        let name = format!("r{}", self.id);
        let write = |page: &mut Page<'_>, cells: &BTreeMap<&'static str, Cell>, ty: &dyn Fn(&str) -> Type| {
            let each = |(argument, cell): (&&'static str, &Cell)| {
                (*argument, cell.form.write(page, &format!("{name}_{argument}"), ty(argument), &cell.value))
            };
            cells.iter().map(each).collect::<BTreeMap<_, _>>()
        };
        let arguments = write(page, &self.arguments, &|argument| self.kind.argument(argument).ty);
        let has_block = !matches!(self.timeouts, Timeouts::Absent | Timeouts::DynamicNone);
        let limits = has_block.then(|| write(page, &self.limits, &|_| Type::Text));
        let mut limits_unknown = false;
        let for_each = match self.timeouts {
            Timeouts::DynamicUnknown(trigger) => {
                let always =
                    Expression { text: "true".to_owned(), value: Value::Bool(true), unknown: false, sensitive: false };
                let always = page.known_after_apply(&format!("{name}_block"), Type::Bool, trigger, always);
                limits_unknown = always.unknown;
                format!("{} ? [1] : []", always.text)
            }
            Timeouts::DynamicNone => "[]".to_owned(),
            _ => "[1]".to_owned(),
        };
        let written = Written { address: self.address(), arguments, limits, limits_unknown };
        self.write_block(page, &written, &for_each);
        written
    }

    fn write_block(&self, page: &mut Page<'_>, written: &Written, for_each: &str) {
        let (kind, label) = (self.kind.type_name, &self.label);
        let texts = |expressions: &BTreeMap<&'static str, Expression>| {
            expressions.iter().map(|(name, expression)| (*name, expression.text.clone())).collect::<BTreeMap<_, _>>()
        };
        let own = texts(&written.arguments);
        let limits = written.limits.as_ref().map(texts).unwrap_or_default();
        let block = |limits: &BTreeMap<&'static str, String>, for_each: &str| match self.timeouts {
            Timeouts::Absent => String::new(),
            Timeouts::Block => format!("  timeouts {{\n{}  }}\n", lines(limits, "    ")),
            _ => format!(
                "  dynamic \"timeouts\" {{\n    for_each = {for_each}\n    content {{\n{}    }}\n  }}\n",
                lines(limits, "      ")
            ),
        };
        let more = if self.kind.more.is_empty() { String::new() } else { format!("  {}\n", self.kind.more) };
        let head = match self.placement {
            Placement::Plain | Placement::Module => String::new(),
            Placement::Count => "  count = 1\n".to_owned(),
            Placement::CountIf => "  count = var.yes ? 1 : 0\n".to_owned(),
            Placement::Set => "  for_each = toset([\"k\"])\n".to_owned(),
            Placement::Map => format!("  for_each = local.{label}_all\n"),
        };
        match self.placement {
            Placement::Map => {
                page.local(&format!("{label}_all"), &format!("{{\n    k = {{\n{}    }}\n  }}", lines(&own, "      ")));
                let each = self.kind.arguments.iter().map(|argument| argument.name);
                let each = each.map(|name| (name, format!("lookup(each.value, \"{name}\", null)"))).collect();
                let text = format!("{head}{}{}{more}", lines(&each, "  "), block(&limits, for_each));
                _ = writeln!(page.blocks, "resource {kind:?} {label:?} {{\n{text}}}\n");
            }
            Placement::Module => {
                let variables = |names: &mut dyn Iterator<Item = &'static str>, prefix: &str| {
                    names.map(|name| (name, format!("var.{prefix}{name}"))).collect::<BTreeMap<_, _>>()
                };
                let inner = variables(&mut own.keys().copied(), "");
                let inner_limits = variables(&mut limits.keys().copied(), "limit_");
                let block = format!("{}{}", lines(&inner, "  "), block(&inner_limits, "var.blocks"));
                self.write_module(page, &block, &own, &limits);
                let mut call = lines(&own, "  ");
                for (name, text) in &limits {
                    _ = writeln!(call, "  limit_{name} = {text}");
                }
                let source = format!("  source = \"./{label}\"\n  blocks = {for_each}\n");
                _ = writeln!(page.blocks, "module {label:?} {{\n{source}{call}{more}}}\n");
            }
            _ => {
                let text = format!("{head}{}{}{more}", lines(&own, "  "), block(&limits, for_each));
                _ = writeln!(page.blocks, "resource {kind:?} {label:?} {{\n{text}}}\n");
            }
        }
    }

    /// Writes the module of the block, with a variable for each argument.
    fn write_module(
        &self,
        page: &mut Page<'_>,
        block: &str,
        arguments: &BTreeMap<&'static str, String>,
        limits: &BTreeMap<&'static str, String>,
    ) {
        let (kind, label) = (self.kind.type_name, &self.label);
        let mut module = format!(
            "terraform {{\n  required_providers {{\n    tensorpool = {{\n      source = \"tensorpool/tensorpool\"\n    \
             }}\n  }}\n}}\n\nresource {kind:?} \"this\" {{\n{block}}}\n\nvariable \"blocks\" {{}}\n"
        );
        let limits = limits.keys().map(|name| format!("limit_{name}"));
        for name in arguments.keys().map(|name| (*name).to_owned()).chain(limits) {
            _ = writeln!(module, "variable \"{name}\" {{\n  default = null\n}}");
        }
        page.modules.push(label.clone());
        page.file(&format!("{label}/main.tf"), &module);
    }
}

/// An argument for each, in a line of its own.
fn lines(texts: &BTreeMap<&'static str, String>, indent: &str) -> String {
    texts.iter().fold(String::new(), |mut all, (name, text)| {
        _ = writeln!(all, "{indent}{name} = {text}");
        all
    })
}
