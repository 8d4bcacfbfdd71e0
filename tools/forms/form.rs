//! The forms in which a value can be written.
//!
//! A form begins with a source, as a literal or a variable, and goes on with any number of wrappers, as a `for` expression or
//! a conditional, each of which gives the same value again.

use fastrand::Rng;

use crate::page::{Expression, Page};
use crate::value::{Type, Value, quoted};

/// What an expression begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Literal,
    /// Another way to write it: a number as a text or computed, a text that is put together. The number chooses one.
    Spelled(u8),
    /// A variable of the right type, which `terraform.tfvars` sets.
    Variable,
    /// A variable without a type.
    Untyped,
    /// A variable that is not set and has a default.
    Default,
    /// A variable that is set to null and gives its default, as it is not nullable.
    NotNullable,
    /// A sensitive variable.
    Secret,
    /// An attribute of a variable of an object type, absent for null.
    Optional,
    /// An element of a map in a variable.
    OfMap,
    /// The content of a file, with the line break at its end cut off.
    File,
}

/// What is put around an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapper {
    Local,
    Try,
    /// `var.x ? v : null`.
    Conditional,
    Coalesce,
    For,
    Template,
    Sensitive,
    Json,
    /// The output of a module.
    Module,
    /// The output of a `terraform_data`, with what replaces it.
    AfterApply(u32),
    Element,
    Lookup,
    Merge,
    ToMap,
    /// `tolist`, `tostring` and the like.
    Convert,
    /// `tolist(toset(...))`, which sorts and leaves out duplicates.
    Sorted,
    /// `toset(...)`, which becomes a list by itself.
    Set,
    Flatten,
}

/// A form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub source: Source,
    pub wrappers: Vec<Wrapper>,
}

const SOURCES: [Source; 10] = [
    Source::Literal,
    Source::Spelled(0),
    Source::Variable,
    Source::Untyped,
    Source::Default,
    Source::NotNullable,
    Source::Secret,
    Source::Optional,
    Source::OfMap,
    Source::File,
];

const WRAPPERS: [Wrapper; 18] = [
    Wrapper::Local,
    Wrapper::Try,
    Wrapper::Conditional,
    Wrapper::Coalesce,
    Wrapper::For,
    Wrapper::Template,
    Wrapper::Sensitive,
    Wrapper::Json,
    Wrapper::Module,
    Wrapper::AfterApply(0),
    Wrapper::Element,
    Wrapper::Lookup,
    Wrapper::Merge,
    Wrapper::ToMap,
    Wrapper::Convert,
    Wrapper::Sorted,
    Wrapper::Set,
    Wrapper::Flatten,
];

impl Source {
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Literal => true,
            Self::Spelled(_) => !matches!(value, Value::Null | Value::Reference(_) | Value::Raw(_)),
            Self::NotNullable => !matches!(value, Value::Null | Value::Reference(_)),
            Self::File => matches!(value, Value::Text(_)),
            Self::Variable | Self::Untyped | Self::Default | Self::Secret | Self::Optional | Self::OfMap => {
                !matches!(value, Value::Reference(_))
            }
        }
    }

    fn write(self, page: &mut Page<'_>, name: &str, ty: Type, value: &Value) -> Expression {
        let (literal, constraint) = (value.literal(), format!("type = {}", ty.constraint()));
        let default = format!("default = {literal}");
        let text = match self {
            Self::Literal => literal,
            Self::Spelled(which) => spelled(value, which),
            Self::File => {
                let Value::Text(text) = value else { unreachable!("only texts are written to files") };
                page.file(&format!("{name}.txt"), text);
                format!("file(\"${{path.module}}/{name}.txt\")")
            }
            Self::Variable => {
                page.variable(name, &[&constraint], Some(&literal));
                format!("var.{name}")
            }
            Self::Untyped => {
                page.variable(name, &[], Some(&literal));
                format!("var.{name}")
            }
            Self::Default => {
                page.variable(name, &[&constraint, &default], None);
                format!("var.{name}")
            }
            Self::NotNullable => {
                page.variable(name, &[&constraint, &default, "nullable = false"], Some("null"));
                format!("var.{name}")
            }
            Self::Secret => {
                page.variable(name, &[&constraint, "sensitive = true"], Some(&literal));
                format!("var.{name}")
            }
            Self::Optional => {
                let object = format!("type = object({{ v = optional({}) }})", ty.constraint());
                let set = if value.is_null() { "{}".to_owned() } else { format!("{{ v = {literal} }}") };
                page.variable(name, &[&object], Some(&set));
                format!("var.{name}.v")
            }
            Self::OfMap => {
                let map = format!("type = map({})", ty.constraint());
                page.variable(name, &[&map], Some(&format!("{{ v = {literal} }}")));
                format!("var.{name}[\"v\"]")
            }
        };
        let value = match (self, value) {
            // What is computed may differ in digits that no float has. So it is another value to a `terraform_data`.
            (Self::Spelled(which), Value::Number(digits)) if digits.contains('.') => {
                Value::Number(format!("{digits}{}", "0".repeat(usize::from(which % 7))))
            }
            _ => value.clone(),
        };
        Expression { text, value, unknown: false, sensitive: self == Self::Secret }
    }
}

/// Another way to write a value that is known.
fn spelled(value: &Value, which: u8) -> String {
    match value {
        Value::Bool(is) => match which % 4 {
            0 => format!("\"{is}\""),
            1 => format!("!{}", !is),
            2 => format!("{is} == true"),
            _ => format!("tobool(\"{is}\")"),
        },
        Value::Number(digits) => match which % 7 {
            0 => format!("\"{digits}\""),
            1 => format!("{digits} * 3 / 3"),
            2 => format!("{digits} + 0.5 - 0.5"),
            3 => format!("tonumber(\"{digits}\")"),
            4 => format!("max({digits}, 0)"),
            5 if !digits.contains('e') => format!("{digits}e0"),
            _ => format!("\"${{{digits}}}\""),
        },
        Value::Text(text) => {
            let middle = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
            let (a, b) = (quoted(&text[..middle]), quoted(&text[middle..]));
            match which % 5 {
                0 => format!("join(\"\", [{a}, {b}])"),
                1 => format!("format(\"%s%s\", {a}, {b})"),
                2 => format!("\"${{{a}}}${{{b}}}\""),
                3 if !text.ends_with('\n') => format!("chomp({})", quoted(&format!("{text}\n"))),
                _ => format!("replace({}, \"#none#\", \"\")", quoted(text)),
            }
        }
        Value::Texts(texts) => {
            let (a, b) = texts.split_at(texts.len() / 2);
            let [a, b] = [a, b].map(|part| Value::Texts(part.to_vec()).literal());
            match which % 4 {
                0 => format!("concat({a}, {b})"),
                1 => format!("flatten([{a}, {b}])"),
                2 => format!("[for x in concat({a}, {b}) : x]"),
                _ => format!("reverse(reverse({}))", value.literal()),
            }
        }
        Value::Null | Value::Reference(_) | Value::Raw(_) => value.literal(),
    }
}

impl Wrapper {
    fn fits(self, ty: Type, value: &Value) -> bool {
        match self {
            Self::Template => ty != Type::Texts && !value.is_null(),
            // It takes an empty text for none.
            Self::Coalesce => !value.is_null() && *value != Value::Text(String::new()),
            Self::Sorted | Self::Set | Self::Flatten => ty == Type::Texts && !value.is_null(),
            _ => true,
        }
    }

    fn write(self, page: &mut Page<'_>, name: &str, ty: Type, inner: Expression) -> Expression {
        let (text, convert) = (&inner.text, ty.conversion());
        let around = match self {
            Self::Local => {
                page.local(name, text);
                format!("local.{name}")
            }
            Self::Try => format!("try(local.nothing.here, {text})"),
            Self::Conditional => format!("(var.yes ? {text} : null)"),
            Self::Coalesce => format!("coalesce(null, {convert}({text}))"),
            Self::For if ty == Type::Texts && !inner.value.is_null() => format!("[for x in {text} : x]"),
            Self::For => format!("one([for x in [{text}] : x])"),
            Self::Template => format!("\"${{{text}}}\""),
            Self::Sensitive => format!("sensitive({text})"),
            Self::Json => format!("jsondecode(jsonencode({{ v = {text} }})).v"),
            Self::Module => {
                page.echo(name, text);
                format!("module.echo.values.{name}")
            }
            Self::AfterApply(trigger) => return page.known_after_apply(name, ty, trigger, inner),
            Self::Element => format!("element([{text}], 0)"),
            Self::Lookup => format!("lookup({{ v = {text} }}, \"v\", null)"),
            Self::Merge => format!("merge({{ v = null }}, {{ v = {text} }}).v"),
            Self::ToMap => format!("tomap({{ v = {convert}({text}) }})[\"v\"]"),
            Self::Convert => format!("{convert}({text})"),
            Self::Sorted => format!("tolist(toset({text}))"),
            Self::Set => format!("toset({text})"),
            Self::Flatten => format!("flatten([{text}, []])"),
        };
        let value = match inner.value {
            Value::Texts(mut texts) if matches!(self, Self::Sorted | Self::Set) => {
                texts.sort();
                texts.dedup();
                Value::Texts(texts)
            }
            value => value,
        };
        Expression { text: around, value, sensitive: inner.sensitive || self == Self::Sensitive, ..inner }
    }
}

impl Form {
    pub const LITERAL: Self = Self { source: Source::Literal, wrappers: Vec::new() };

    /// Chooses a form that can give a value.
    pub fn choose(rng: &mut Rng, ty: Type, value: &Value) -> Self {
        let sources: Vec<_> = SOURCES.into_iter().filter(|source| source.fits(value)).collect();
        let source = match sources[rng.usize(..sources.len())] {
            Source::Spelled(_) => Source::Spelled(rng.u8(..)),
            source => source,
        };
        let mut wrappers = Vec::new();
        let fitting: Vec<_> = WRAPPERS.into_iter().filter(|wrapper| wrapper.fits(ty, value)).collect();
        for _ in 0..*rng.choice(&[0, 1, 1, 2, 3]).unwrap_or(&1) {
            let wrapper = fitting[rng.usize(..fitting.len())];
            // A module cannot get what it gives, and a set has no order for what takes a list apart.
            if !wrappers.contains(&Wrapper::Module) && wrappers.last() != Some(&Wrapper::Set) {
                wrappers.push(wrapper);
            }
        }
        Self { source, wrappers }
    }

    /// Whether Terraform itself converts the value on its way.
    pub fn converts(&self) -> bool {
        let source = !matches!(self.source, Source::Literal | Source::Untyped);
        let taken_as_is = |wrapper: &Wrapper| {
            use Wrapper::{Conditional, Element, Json, Local, Lookup, Merge, Module, Sensitive, Try};
            matches!(wrapper, Conditional | Element | Json | Local | Lookup | Merge | Module | Sensitive | Try)
        };
        source || !self.wrappers.iter().all(taken_as_is)
    }

    /// Whether it can give this value, which it was not chosen for.
    pub fn fits(&self, ty: Type, value: &Value) -> bool {
        self.source.fits(value) && self.wrappers.iter().all(|wrapper| wrapper.fits(ty, value))
    }

    /// The same, with a `terraform_data` that is replaced: a plan does not know the value again.
    pub fn unknown_again(&self) -> Self {
        let mut form = self.clone();
        match form.wrappers.iter_mut().find_map(|wrapper| match wrapper {
            Wrapper::AfterApply(trigger) => Some(trigger),
            _ => None,
        }) {
            Some(trigger) => *trigger += 1,
            None => form.wrappers.push(Wrapper::AfterApply(0)),
        }
        form
    }

    /// Writes a value. What it needs in addition goes on the page, under this name.
    pub fn write(&self, page: &mut Page<'_>, name: &str, ty: Type, value: &Value) -> Expression {
        let mut expression = self.source.write(page, name, ty, value);
        for (index, wrapper) in self.wrappers.iter().enumerate() {
            expression = wrapper.write(page, &format!("{name}_{index}"), ty, expression);
        }
        expression
    }
}
