//! Random values of a kind, in random spellings.

use std::collections::BTreeMap;

use fastrand::Rng;

use crate::expression::{Expression, Given, Style};
use crate::kind::{Field, Holding, Kind};

/// Few texts, so that some stand twice in a set, and some are the default.
const COMMON: [&str; 6] = ["a", "b", "c", "none", "eu", "A"];

/// Those that users stumble over.
const TEXTS: [&str; 22] = [
    "",
    "a",
    "b",
    "c",
    "d",
    " spaced ",
    "e\u{301}",
    "\u{e9}",
    "\u{212b}",
    "line\nbreak",
    "tab\t",
    "${not} %{one}",
    "$${",
    "\"quoted\" \\",
    "5",
    "007",
    "true",
    "null",
    "A",
    "\u{1f44d}\u{1f3fd}",
    "<a&b>",
    "\u{1100}\u{1161}",
];

const NUMBERS: [&str; 18] = [
    "0",
    "1",
    "-1",
    "5",
    "5.0",
    "1.5",
    "0.1",
    "-0.25",
    "1e3",
    "1e-7",
    "255",
    "9007199254740993",
    "18446744073709551616",
    "123456789012345678901234567890",
    "0.123456789012345678901234567890",
    "3.141592653589793238462643383279502884197",
    "1e30",
    "0.3333333333333333",
];

/// Numbers that Terraform computes: floats, and fractions that never end.
const COMPUTED: [(&str, f64); 8] = [
    ("log(10, 3)", 2.095_903_274_289_384_5),
    ("pow(2, 0.5)", std::f64::consts::SQRT_2),
    ("1 / 3", 1.0 / 3.0),
    ("10 / 4", 2.5),
    ("0.1 + 0.2", 0.3),
    ("log(8, 2)", 3.0),
    ("pow(10, 20)", 1e20),
    ("22 / 7 * 1e-3", 22.0 / 7.0 * 1e-3),
];

const INTEGERS: [&str; 10] =
    ["0", "1", "-1", "5", "10", "22", "1e3", "3.0", "9223372036854775807", "-9223372036854775808"];

const KEYS: [&str; 7] = ["a", "b", "key", "with space", "e\u{301}", "5", "x.y/z"];

pub struct Random {
    pub rng: Rng,
    /// How often something is spelled in another way than as a literal.
    pub oddity: f64,
}

impl Random {
    pub fn chance(&mut self, probability: f64) -> bool {
        self.rng.f64() < probability
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.rng.usize(..of.len())]
    }

    fn style(&mut self) -> Style {
        use Style::{Conditional, For, Function, Json, Late, Literal, Local, Sensitive, Try, Variable};
        if !self.chance(self.oddity) {
            return Literal;
        }
        *self.pick(&[
            Variable,
            Variable,
            Local,
            Late,
            Late,
            Late,
            Try,
            Conditional,
            For,
            Function,
            Function,
            Json,
            Sensitive,
        ])
    }

    /// Another spelling, here and there.
    pub fn respell(&mut self, expression: &mut Expression) {
        if self.chance(0.5) {
            expression.style = self.style();
        }
        match &mut expression.value {
            Given::Several(elements) => elements.iter_mut().for_each(|one| self.respell(one)),
            Given::Object(entries) => entries.values_mut().for_each(|one| self.respell(one)),
            _ => {}
        }
    }

    /// The same in the spelling of chance.
    fn spelled(&mut self, value: Given) -> Expression {
        Expression { value, style: self.style() }
    }

    fn text(&mut self) -> Given {
        let text = if self.chance(0.5) { *self.pick(&COMMON) } else { *self.pick(&TEXTS) };
        Given::Text(text.to_owned())
    }

    fn number(&mut self) -> Given {
        if self.chance(0.25) {
            let (text, about) = *self.pick(&COMPUTED);
            return Given::Computed(text, about);
        }
        Given::Number((*self.pick(&NUMBERS)).to_owned())
    }

    fn several(&mut self, kind: &Kind, null: f64) -> Given {
        let count = self.rng.usize(..4);
        let one = |random: &mut Self| if random.chance(null) { Given::Null.into() } else { random.value(kind) };
        Given::Several((0..count).map(|_| one(self)).collect())
    }

    fn entries(&mut self, kind: &Kind) -> Given {
        let count = self.rng.usize(..4);
        let one = |random: &mut Self| {
            let key = random.key();
            let value = if random.chance(0.1) { Given::Null.into() } else { random.value(kind) };
            (key, value)
        };
        // Two spellings of one letter are one key.
        let entries: BTreeMap<_, _> = (0..count).map(|_| one(self)).collect();
        Given::Object(entries)
    }

    pub fn key(&mut self) -> String {
        (*self.pick(&KEYS)).to_owned()
    }

    /// Some value of the kind, never null as a whole.
    pub fn value(&mut self, kind: &Kind) -> Expression {
        let value = match kind {
            Kind::Text => self.text(),
            Kind::Level => Given::Text((*self.pick(&["low", "high"])).to_owned()),
            Kind::Number | Kind::Float => self.number(),
            Kind::Integer => Given::Number((*self.pick(&INTEGERS)).to_owned()),
            Kind::UpTo(most) => Given::Number(self.rng.u32(..=*most).min(*most).to_string()),
            Kind::Bool => Given::Bool(self.rng.bool()),
            Kind::Any => return self.any(3),
            Kind::List(element) | Kind::Set(element) => self.several(element, 0.1),
            Kind::Given(element) => self.several(element, 0.0),
            Kind::Map(element) => self.entries(element),
            Kind::Tuple(kinds) => Given::Several(kinds.iter().map(|kind| self.value(kind)).collect()),
            Kind::Object(fields) => {
                let value = |field: &Field| (field.name.to_owned(), self.value(&field.kind));
                Given::Object(fields.iter().map(value).collect())
            }
            Kind::Nested(holding, fields, nulls) => self.objects(*holding, fields, if *nulls { 0.06 } else { 0.0 }),
            Kind::Block(holding, fields) => self.objects(*holding, fields, 0.0),
        };
        self.spelled(value)
    }

    fn objects(&mut self, holding: Holding, fields: &[Field], null: f64) -> Given {
        match holding {
            Holding::Single => self.object(fields, 0.6),
            Holding::List | Holding::Set => {
                let count = self.rng.usize(..4);
                Given::Several((0..count).map(|_| self.element(fields, null)).collect())
            }
            Holding::Map => {
                let count = self.rng.usize(..4);
                Given::Object((0..count).map(|_| (self.key(), self.element(fields, null))).collect())
            }
        }
    }

    /// An element of a collection of objects.
    pub fn element(&mut self, fields: &[Field], null: f64) -> Expression {
        if self.chance(null) {
            return Given::Null.into();
        }
        let object = self.object(fields, 0.5);
        self.spelled(object)
    }

    /// An object with some of its attributes.
    pub fn object(&mut self, fields: &[Field], density: f64) -> Given {
        let mut object = BTreeMap::new();
        for field in fields.iter().filter(|field| field.settable) {
            if field.required || self.chance(density) {
                object.insert(field.name.to_owned(), self.value(&field.kind));
            } else if self.chance(0.15) && !field.kind.is_block() {
                object.insert(field.name.to_owned(), self.spelled(Given::Null));
            }
        }
        Given::Object(object)
    }

    fn any(&mut self, depth: usize) -> Expression {
        let value = match self.rng.u8(..if depth == 0 { 4 } else { 7 }) {
            0 => Given::Bool(self.rng.bool()),
            1 => self.number(),
            2 | 3 => self.text(),
            4 => Given::Null,
            5 => {
                let count = self.rng.usize(..3);
                Given::Several((0..count).map(|_| self.any(depth - 1)).collect())
            }
            _ => {
                let count = self.rng.usize(..3);
                Given::Object((0..count).map(|_| (self.key(), self.any(depth - 1))).collect())
            }
        };
        self.spelled(value)
    }
}
