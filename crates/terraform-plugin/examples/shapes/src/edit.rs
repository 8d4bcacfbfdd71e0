//! Random changes of a configuration, as a user makes them between two applies.

use crate::expression::{Expression, Given};
use crate::kind::{Field, Kind};
use crate::random::Random;

/// Attributes of elements that can be left out and have a default, or none.
const OPTIONAL: [&str; 6] = ["size", "weight", "kind", "note", "numbers", "labels"];

impl Random {
    /// Changes an object in some places.
    pub fn edit_object(&mut self, object: &mut Expression, fields: &[Field]) {
        let Given::Object(entries) = &mut object.value else { return };
        let settable: Vec<_> = fields.iter().filter(|field| field.settable).collect();
        for _ in 0..self.rng.usize(1..=4) {
            let field = *self.pick(&settable);
            let name = field.name.to_owned();
            match self.rng.u8(..10) {
                0 | 1 if !field.required => _ = entries.remove(&name),
                2 if !field.required && !field.kind.is_block() => _ = entries.insert(name, Given::Null.into()),
                3 | 4 => _ = entries.insert(name, self.value(&field.kind)),
                5 => entries.values_mut().for_each(|one| self.respell(one)),
                _ => {
                    if let Some(one) = entries.get_mut(&name) {
                        self.edit(one, &field.kind);
                    } else if self.chance(0.3) {
                        _ = entries.insert(name, self.value(&field.kind));
                    }
                }
            }
        }
    }

    /// Changes a value a little, if it is one that holds others; else wholly.
    fn edit(&mut self, expression: &mut Expression, kind: &Kind) {
        let nested = kind.fields();
        match (&mut expression.value, nested) {
            (Given::Object(_), Some((crate::kind::Holding::Single, fields))) => self.edit_object(expression, fields),
            (Given::Several(elements), Some((_, fields))) => {
                let nulls = matches!(kind, Kind::Nested(_, _, true));
                self.edit_elements(
                    elements,
                    |random| random.element(fields, if nulls { 0.06 } else { 0.0 }),
                    |random, one| {
                        random.edit_object(one, fields);
                    },
                );
            }
            (Given::Object(entries), Some((_, fields))) => {
                let keys: Vec<_> = entries.keys().cloned().collect();
                match (self.rng.u8(..3), keys.is_empty()) {
                    (0, _) => _ = entries.insert(self.key(), self.element(fields, 0.06)),
                    (1, false) => _ = entries.remove(self.pick(&keys)),
                    (_, false) => {
                        if let Some(one) = entries.get_mut(self.pick(&keys)) {
                            self.edit_object(one, fields);
                        }
                    }
                    _ => {}
                }
            }
            (Given::Several(elements), None) => {
                let Some(element) = kind.element() else { return *expression = self.value(kind) };
                self.edit_elements(
                    elements,
                    |random| random.value(element),
                    |random, one| *one = random.value(element),
                );
            }
            _ => *expression = self.value(kind),
        }
    }

    fn edit_elements(
        &mut self,
        elements: &mut Vec<Expression>,
        make: impl Fn(&mut Self) -> Expression,
        change: impl Fn(&mut Self, &mut Expression),
    ) {
        if elements.is_empty() {
            return elements.push(make(self));
        }
        let at = self.rng.usize(..elements.len());
        match self.rng.u8(..6) {
            0 => elements.insert(at, make(self)),
            1 => _ = elements.remove(at),
            2 => self.rng.shuffle(elements),
            3 => {
                // The same once more, or nearly so: what it leaves out may have the same for a default.
                let mut twin = elements[at].clone();
                if let Given::Object(entries) = &mut twin.value
                    && let Some(name) = self.rng.choice(OPTIONAL)
                {
                    entries.remove(name);
                }
                elements.push(twin);
            }
            _ => change(self, &mut elements[at]),
        }
    }
}
