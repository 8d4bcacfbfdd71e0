//! Writes expressions in Terraform's language.

use std::fmt::Write as _;

use crate::expression::{Expression, Given, Style};
use crate::kind::{Field, Holding, Kind};

/// What is expected where an expression stands.
#[derive(Clone, Copy)]
pub enum Place<'a> {
    Of(&'a Kind),
    /// An object of these.
    In(&'a [Field]),
    Any,
}

/// Collects what expressions need in addition to the resource.
pub struct Writer {
    /// What all names begin with.
    pub prefix: String,
    pub declarations: String,
    late: Vec<String>,
    count: usize,
    /// Where Terraform takes nothing sensitive or ephemeral.
    pub guarded: bool,
    /// Variables may be ephemeral here.
    pub ephemeral: bool,
}

impl<'a> Place<'a> {
    fn element(self) -> Self {
        match self {
            Self::Of(kind) => match (kind.fields(), kind.element()) {
                (Some((_, fields)), _) => Self::In(fields),
                (None, Some(element)) => Self::Of(element),
                (None, None) => Self::Any,
            },
            Self::In(_) | Self::Any => Self::Any,
        }
    }

    fn entry(self, name: &str) -> Self {
        let of = |fields: &'a [Field]| {
            fields.iter().find(|field| field.name == name).map_or(Self::Any, |field| Self::Of(&field.kind))
        };
        match self {
            Self::In(fields) => of(fields),
            Self::Of(Kind::Object(fields) | Kind::Nested(Holding::Single, fields, _)) => of(fields),
            other => other.element(),
        }
    }

    fn kind(self) -> Option<&'a Kind> {
        match self {
            Self::Of(Kind::Any) | Self::In(_) | Self::Any => None,
            Self::Of(kind) => Some(kind),
        }
    }
}

/// A text in quotes.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '{' if text.contains("${") || text.contains("%{") => quoted.push_str("\\u007b"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

impl Writer {
    pub fn new(prefix: String) -> Self {
        let declarations = String::new();
        Self { prefix, declarations, late: Vec::new(), count: 0, guarded: false, ephemeral: false }
    }

    fn name(&mut self) -> String {
        self.count += 1;
        format!("{}_{}", self.prefix, self.count)
    }

    /// A value that is unknown in the plan of this round.
    fn late(&mut self, text: String) -> String {
        self.late.push(text);
        format!("terraform_data.{}.output.v{}", self.prefix, self.late.len() - 1)
    }

    pub fn local(&mut self, text: &str) -> String {
        let name = self.name();
        _ = writeln!(self.declarations, "locals {{\n  {name} = {text}\n}}\n");
        format!("local.{name}")
    }

    fn variable(&mut self, ty: &str, text: &str) -> String {
        let name = self.name();
        let ephemeral = if self.ephemeral && !self.guarded { "  ephemeral = true\n" } else { "" };
        let body = format!("  type    = {ty}\n{ephemeral}  default = {text}\n");
        _ = writeln!(self.declarations, "variable \"{name}\" {{\n{body}}}\n");
        format!("var.{name}")
    }

    /// Everything but the resource. `round` is another one each time.
    pub fn finish(self, round: usize) -> String {
        let Self { prefix, mut declarations, late, .. } = self;
        if !late.is_empty() {
            let values = late.iter().enumerate().fold(String::new(), |mut all, (at, text)| {
                _ = writeln!(all, "    v{at} = {text}");
                all
            });
            _ = writeln!(
                declarations,
                "resource \"terraform_data\" \"{prefix}\" {{\n  input = {{\n    round = {round}\n{values}  }}\n}}\n"
            );
        }
        declarations
    }

    pub fn write(&mut self, expression: &Expression, place: Place<'_>) -> String {
        match expression.style {
            Style::Variable if !expression.is_computed() => {
                let ty = place.kind().map_or_else(|| "any".to_owned(), Kind::variable_type);
                let text = self.literal(&expression.plain(), place);
                self.variable(&ty, &text)
            }
            Style::Late => self.write_late(expression, place),
            style => {
                let text = self.literal(expression, place);
                self.spell(style, text, &expression.value, place)
            }
        }
    }

    fn write_late(&mut self, expression: &Expression, place: Place<'_>) -> String {
        // What begins with a known text is unknown, and not wholly.
        if let (Given::Text(text), Some(Kind::Text)) = (&expression.value, place.kind())
            && let Some((first, rest)) = text.split_at_checked(1)
            && first.chars().all(char::is_alphanumeric)
        {
            let rest = self.late(quoted(rest));
            return format!("\"{first}${{{rest}}}\"");
        }
        let text = self.literal(&expression.plain(), place);
        let late = self.late(text);
        // Terraform knows the type of an output before its value, and cannot make a list of objects of it if they leave out
        // different attributes that hold objects themselves: it fails before it asks the provider.
        let fields = match place {
            Place::In(fields) => fields,
            Place::Of(kind) => kind.fields().filter(|_| !kind.is_block()).map(|(_, fields)| fields).unwrap_or_default(),
            Place::Any => &[],
        };
        let holds_objects = fields.iter().any(|field| matches!(field.kind, Kind::Nested(..)));
        if holds_objects { format!("jsondecode(jsonencode({late}))") } else { late }
    }

    fn spell(&mut self, style: Style, text: String, value: &Given, place: Place<'_>) -> String {
        match (style, value) {
            (Style::Local | Style::Variable, _) => self.local(&text),
            (Style::Try, _) => {
                let empty = self.local("{}");
                format!("try({empty}.missing, {text})")
            }
            (Style::Conditional, _) => {
                let yes = self.variable("bool", "true");
                format!("{yes} ? {text} : {text}")
            }
            (Style::Json, _) => format!("jsondecode(jsonencode({text}))"),
            (Style::Sensitive, _) if !self.guarded => format!("sensitive({text})"),
            (Style::For, Given::Several(_)) => format!("[for one in {text} : one]"),
            (Style::For, Given::Object(_)) => format!("{{ for key, one in {text} : key => one }}"),
            (Style::Function, _) => Self::by_function(text, value, place),
            _ => text,
        }
    }

    fn by_function(text: String, value: &Given, place: Place<'_>) -> String {
        let kind = place.kind();
        match (value, kind) {
            (Given::Text(raw), Some(Kind::Text)) if raw == "5" || raw == "true" => raw.clone(),
            (Given::Text(raw), _) if raw.len() % 2 == 0 => format!("format(\"%s\", {text})"),
            (Given::Text(_), _) => format!("join(\"\", [{text}])"),
            (Given::Number(raw), Some(_)) if raw.len() % 2 == 0 => format!("tonumber({text})"),
            (Given::Number(raw), Some(_)) => format!("\"{raw}\""),
            (Given::Bool(_), Some(_)) => format!("\"{text}\""),
            (Given::Null, Some(Kind::Text | Kind::Level)) => "tostring(null)".to_owned(),
            (Given::Null, Some(Kind::Number | Kind::Float | Kind::Integer | Kind::UpTo(_))) => {
                "tonumber(null)".to_owned()
            }
            (Given::Null, _) => "one([])".to_owned(),
            (Given::Several(_), Some(Kind::Set(element))) if matches!(**element, Kind::Text) => {
                format!("toset({text})")
            }
            (Given::Several(_), Some(Kind::List(element))) if matches!(**element, Kind::Text) => {
                format!("tolist({text})")
            }
            (Given::Several(_), Some(Kind::Tuple(_))) => text,
            (Given::Several(_), _) => format!("concat({text}, [])"),
            (Given::Object(_), _) => format!("merge({text}, {{}})"),
            _ => text,
        }
    }

    fn literal(&mut self, expression: &Expression, place: Place<'_>) -> String {
        match &expression.value {
            Given::Null => "null".to_owned(),
            Given::Bool(value) => value.to_string(),
            Given::Number(text) => text.clone(),
            Given::Computed(text, _) | Given::Wrong(text) => (*text).to_owned(),
            Given::Text(text) => quoted(text),
            Given::Several(elements) => {
                let elements: Vec<_> = elements.iter().map(|one| self.write(one, place.element())).collect();
                format!("[{}]", elements.join(", "))
            }
            Given::Object(entries) => {
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(name, one)| format!("{} = {}", quoted(name), self.write(one, place.entry(name))))
                    .collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}
