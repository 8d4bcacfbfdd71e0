//! A configuration that is being written: its files, and which values are known while it is planned.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::value::{Type, Value};

/// What goes through a `terraform_data`.
#[derive(Clone, Debug, PartialEq)]
pub struct Datum {
    pub value: Value,
    /// Another one replaces the `terraform_data`, so its output is unknown again.
    pub trigger: u32,
    /// Whether a plan did not know it.
    pub unknown: bool,
}

/// An expression that gives a value.
#[derive(Clone, Debug)]
pub struct Expression {
    pub text: String,
    /// The value that it gives: some forms sort lists and leave out duplicates.
    pub value: Value,
    /// Whether a plan does not know it.
    pub unknown: bool,
    pub sensitive: bool,
}

/// A configuration that is being written.
pub struct Page<'a> {
    /// Blocks of `main.tf`.
    pub blocks: String,
    /// `terraform.tfvars`.
    pub variables: String,
    /// The other files, by their name.
    pub files: BTreeMap<String, String>,
    /// Whether another block of a module came, or one went.
    pub modules: Vec<String>,
    locals: String,
    echoed: String,
    /// What goes through `terraform_data`, and what went through it in the configuration before.
    pub data: BTreeMap<String, Datum>,
    before: &'a BTreeMap<String, Datum>,
}

impl<'a> Page<'a> {
    pub fn new(before: &'a BTreeMap<String, Datum>) -> Self {
        Self {
            blocks: String::new(),
            variables: String::new(),
            files: BTreeMap::new(),
            modules: Vec::new(),
            locals: String::new(),
            echoed: String::new(),
            data: BTreeMap::new(),
            before,
        }
    }

    /// Declares a variable. `arguments` is the rest of its block, and `value` what stands in `terraform.tfvars`.
    pub fn variable(&mut self, name: &str, arguments: &[&str], value: Option<&str>) {
        let arguments = arguments.iter().fold(String::new(), |all, argument| all + "  " + argument + "\n");
        _ = writeln!(self.blocks, "variable {name:?} {{\n{arguments}}}\n");
        if let Some(value) = value {
            _ = writeln!(self.variables, "{name} = {value}");
        }
    }

    pub fn local(&mut self, name: &str, text: &str) {
        _ = writeln!(self.locals, "  {name} = {text}");
    }

    /// What a module gets and gives back.
    pub fn echo(&mut self, name: &str, text: &str) {
        _ = writeln!(self.echoed, "    {name} = {text}");
    }

    pub fn file(&mut self, name: &str, text: &str) {
        self.files.insert(name.to_owned(), text.to_owned());
    }

    /// Sends a value through a `terraform_data`, whose output a plan does not know when it is new or its input changes.
    pub fn known_after_apply(&mut self, name: &str, ty: Type, trigger: u32, input: Expression) -> Expression {
        let conversion = ty.conversion();
        _ = writeln!(
            self.blocks,
            "resource \"terraform_data\" {name:?} {{\n  input            = {conversion}({})\n  triggers_replace = {trigger}\n}}\n",
            input.text
        );
        let datum = Datum { value: input.value.clone(), trigger, unknown: input.unknown };
        // Null is known of one that is new, so this is what a plan may not know.
        let unknown = self
            .before
            .get(name)
            .is_none_or(|before| before.value != datum.value || before.trigger != datum.trigger || datum.unknown);
        self.data.insert(name.to_owned(), datum);
        Expression { text: format!("terraform_data.{name}.output"), unknown, ..input }
    }

    /// All files, with `main.tf` as Terraform reads it.
    pub fn finish(mut self) -> BTreeMap<String, String> {
        let head = "terraform {\n  required_providers {\n    tensorpool = {\n      source = \"tensorpool/tensorpool\"\n    \
                    }\n  }\n}\n\nvariable \"yes\" {\n  default = true\n}\n\nvariable \"no\" {\n  default = false\n}\n\n";
        let echo = format!("module \"echo\" {{\n  source = \"./echo\"\n  values = {{\n{}  }}\n}}\n\n", self.echoed);
        let main = format!("{head}locals {{\n  nothing = {{}}\n{}}}\n\n{echo}{}", self.locals, self.blocks);
        self.files.insert("main.tf".to_owned(), main);
        self.files.insert("terraform.tfvars".to_owned(), self.variables);
        let module = "variable \"values\" {\n  type = any\n}\n\noutput \"values\" {\n  value = var.values\n}\n";
        self.files.insert("echo/main.tf".to_owned(), module.to_owned());
        self.files
    }
}
