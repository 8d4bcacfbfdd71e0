//! Validators that are composed of others.

use super::request::{advice, requirement};
use super::{ValidateRequest, Validator, ask, sentence};
use crate::diagnostic::Diagnostics;

/// A value that all of several validators accept. Every one of them is asked, unlike those that an attribute has one after the
/// other, so all that is wrong is reported at once.
///
/// ```
/// use terraform_plugin::schema::{AllOf, Attribute, IsTrimmed, LengthAtLeast};
///
/// let both = AllOf::new(LengthAtLeast(1)).and(IsTrimmed);
/// let name = Attribute::string("The name.").required().validate(both);
/// ```
pub struct AllOf(Vec<Box<dyn Validator>>);

impl AllOf {
    /// The first of them.
    #[must_use]
    pub fn new(first: impl Validator) -> Self {
        Self(vec![Box::new(first)])
    }

    /// One more.
    #[must_use]
    pub fn and(mut self, other: impl Validator) -> Self {
        self.0.push(Box::new(other));
        self
    }
}

/// A value that at least one of several validators accepts.
///
/// ```
/// use terraform_plugin::schema::{AnyOf, AtLeast, Attribute, Between};
///
/// let port = Attribute::integer("The port.").optional().validate(AnyOf::new(Between(80, 80)).or(AtLeast(1024)));
/// ```
pub struct AnyOf(Vec<Box<dyn Validator>>);

impl AnyOf {
    /// The first of them.
    #[must_use]
    pub fn new(first: impl Validator) -> Self {
        Self(vec![Box::new(first)])
    }

    /// One more.
    #[must_use]
    pub fn or(mut self, other: impl Validator) -> Self {
        self.0.push(Box::new(other));
        self
    }
}

/// A value that another validator does not accept.
///
/// ```
/// use terraform_plugin::schema::{Attribute, Not, OneOf};
///
/// let name = Attribute::string("The name.").required().validate(Not(OneOf(&["admin", "root"])));
/// ```
pub struct Not<V>(pub V);

/// The same validator with warnings in place of errors: what is unusual, but may be meant.
///
/// ```
/// use terraform_plugin::schema::{AtMost, Attribute, Warn};
///
/// let days = Attribute::integer("How long to keep it.").optional().validate(Warn(AtMost(365)));
/// ```
pub struct Warn<V>(pub V);

/// The descriptions of all, joined, if every one has one.
fn joined(validators: &[Box<dyn Validator>], conjunction: &str) -> Option<String> {
    let requirements: Option<Vec<_>> =
        validators.iter().map(|one| one.description().map(|text| requirement(&text))).collect();
    requirements.map(|requirements| requirements.join(conjunction))
}

fn parts(validators: &[Box<dyn Validator>]) -> Vec<&dyn Validator> {
    validators.iter().map(|one| &**one).collect()
}

impl Validator for AllOf {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        for validator in &self.0 {
            ask(validator, request, diagnostics);
        }
    }

    fn description(&self) -> Option<String> {
        joined(&self.0, ", and ").map(|text| sentence(&text))
    }

    fn parts(&self) -> Vec<&dyn Validator> {
        parts(&self.0)
    }
}

impl Validator for AnyOf {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        let mut all = Diagnostics::new();
        for validator in &self.0 {
            let mut own = Diagnostics::new();
            ask(validator, &request.as_error(), &mut own);
            if !own.has_errors() {
                diagnostics.extend(own);
                return;
            }
            all.extend(own);
        }
        match joined(&self.0, ", or ") {
            Some(requirement) => diagnostics.push(request.invalid(&requirement)),
            None => diagnostics.extend(all.into_iter().map(|one| request.adjusted(one))),
        }
    }

    fn description(&self) -> Option<String> {
        joined(&self.0, ", or ").map(|text| sentence(&text))
    }

    fn parts(&self) -> Vec<&dyn Validator> {
        parts(&self.0)
    }
}

/// The opposite of a requirement.
fn opposite(requirement: &str) -> String {
    let composed = requirement.contains(", or must ") || requirement.contains(", and must ");
    match requirement.strip_prefix("must ") {
        Some(rest) if !composed => match rest.strip_prefix("not ") {
            Some(rest) => format!("must {rest}"),
            None => format!("must not {rest}"),
        },
        _ => format!("must not meet this: {requirement}"),
    }
}

impl<V: Validator> Validator for Not<V> {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        let mut own = Diagnostics::new();
        self.0.validate(&request.as_error(), &mut own);
        if !own.has_errors() {
            let requirement = self.0.description().map(|text| opposite(&requirement(&text)));
            diagnostics.push(request.invalid(requirement.as_deref().unwrap_or("must be something else")));
        }
    }

    fn description(&self) -> Option<String> {
        self.0.description().map(|text| sentence(&opposite(&requirement(&text))))
    }

    fn parts(&self) -> Vec<&dyn Validator> {
        vec![&self.0]
    }
}

impl<V: Validator> Validator for Warn<V> {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        let mut own = Diagnostics::new();
        self.0.validate(&request.as_warning(), &mut own);
        diagnostics.extend(own.into_iter().map(crate::Diagnostic::into_warning));
    }

    fn description(&self) -> Option<String> {
        self.0.description().map(|text| sentence(&advice(&requirement(&text))))
    }

    fn parts(&self) -> Vec<&dyn Validator> {
        vec![&self.0]
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{detail, detail_of_secret, details, diagnostics};
    use super::super::{
        AtLeast, AtMost, Between, EachElement, IsTrimmed, LengthAtLeast, LengthAtMost, MultipleOf, OneOf, predicate,
    };
    use super::*;
    use crate::value::{Type, Value};

    fn port() -> AnyOf {
        AnyOf::new(Between(80, 80)).or(AtLeast(1024))
    }

    #[test]
    fn all_of_them_report_what_is_wrong() {
        let all = AllOf::new(LengthAtLeast(3)).and(IsTrimmed);
        assert_eq!(
            all.description().as_deref(),
            Some("Must have at least 3 characters, and must not begin or end with blanks.")
        );
        assert_eq!(detail(&all, "abc".into()), None);
        let expected = [
            "Attribute it must have at least 3 characters, got: 2.",
            "Attribute it must not begin or end with blanks, got: \" a\".",
        ];
        assert_eq!(details(&all, " a".into()), expected);
        assert_eq!(detail(&all, Value::Null), None);
        assert_eq!(detail(&all, Value::unknown()), None);
        assert_eq!(AllOf::new(predicate(|_| Ok(()))).and(IsTrimmed).description(), None);
    }

    #[test]
    fn one_of_them_is_enough() {
        assert_eq!(port().description().as_deref(), Some("Must be between 80 and 80, or must be at least 1024."));
        for good in [80, 1024] {
            assert_eq!(detail(&port(), good.into()), None);
        }
        let expected = "Attribute it must be between 80 and 80, or must be at least 1024";
        assert_eq!(detail(&port(), 81.into()), Some(format!("{expected}, got: 81.")));
        assert_eq!(detail_of_secret(&port(), 81.into()), Some(format!("{expected}.")));
        assert_eq!(detail(&port(), Value::Null), None);
        assert_eq!(detail(&port(), Value::unknown()), None);
        // Where one of them says nothing of itself, all of them speak.
        let mute = AnyOf::new(AtLeast(5)).or(predicate(|_| Err("It is wrong.".to_owned())));
        assert_eq!(details(&mute, 1.into()), ["Attribute it must be at least 5, got: 1.", "It is wrong."]);
    }

    #[test]
    fn one_that_does_not_ask_for_a_value_accepts_it() {
        // The size of a list is known before all of its elements are.
        let any = AnyOf::new(super::super::SizeAtMost(0)).or(super::super::Unique).or(EachElement(AtLeast(1)));
        let unknown = Value::List(vec![Value::unknown()]);
        assert_eq!(detail(&any, unknown.clone()), None);
        let known_only = AnyOf::new(super::super::SizeAtMost(0)).or(predicate(|_| Err("It is wrong.".to_owned())));
        assert_eq!(detail(&known_only, unknown), None);
    }

    #[test]
    fn the_opposite_is_said_in_words() {
        let cases: [(Box<dyn Validator>, Value, &str, &str); 5] = [
            (Box::new(Not(OneOf(&["a", "b"]))), "a".into(), "must not be one of \"a\", \"b\"", ", got: \"a\""),
            (Box::new(Not(LengthAtLeast(1))), "a".into(), "must be empty", ", got: \"a\""),
            (Box::new(Not(MultipleOf(2))), 4.into(), "must not be a multiple of 2", ", got: 4"),
            (
                Box::new(Not(port())),
                80.into(),
                "must not meet this: must be between 80 and 80, or must be at least 1024",
                ", got: 80",
            ),
            (Box::new(Not(Not(AtLeast(1)))), 0.into(), "must be at least 1", ", got: 0"),
        ];
        for (validator, value, requirement, got) in cases {
            assert_eq!(validator.description(), Some(sentence(requirement)));
            assert_eq!(detail(&validator, value.clone()), Some(format!("Attribute it {requirement}{got}.")));
            assert_eq!(detail_of_secret(&validator, value), Some(format!("Attribute it {requirement}.")));
            assert_eq!(detail(&validator, Value::Null), None);
            assert_eq!(detail(&validator, Value::unknown()), None);
        }
        assert_eq!(detail(&Not(OneOf(&["a"])), "c".into()), None);
        let unnamed = Not(predicate(|_| Ok(())));
        assert_eq!(detail(&unnamed, 1.into()).as_deref(), Some("Attribute it must be something else, got: 1."));
    }

    #[test]
    fn a_warning_says_what_should_be() {
        let cases: [(Box<dyn Validator>, Value, &str); 5] = [
            (Box::new(Warn(AtMost(365))), 400.into(), "Attribute it should be at most 365, got: 400."),
            (
                Box::new(Warn(port())),
                8.into(),
                "Attribute it should be between 80 and 80, or should be at least 1024, got: 8.",
            ),
            (Box::new(Warn(Not(OneOf(&["x"])))), "x".into(), "Attribute it should not be \"x\", got: \"x\"."),
            (
                Box::new(Warn(EachElement(LengthAtMost(1)))),
                Value::List(vec!["ab".into()]),
                "Attribute it[0] should have at most 1 character, got: 2.",
            ),
            (Box::new(Warn(predicate(|_| Err("It is odd.".to_owned())))), 1.into(), "It is odd."),
        ];
        for (validator, value, expected) in cases {
            let said: Vec<_> = diagnostics(&validator, value, false).into_iter().collect();
            assert!(said.iter().all(|one| !one.is_error()));
            assert_eq!(said.iter().map(|one| one.detail.as_str()).collect::<Vec<_>>(), [expected]);
        }
        assert_eq!(Warn(AtMost(365)).description().as_deref(), Some("Should be at most 365."));
        assert_eq!(detail_of_secret(&Warn(AtMost(3)), 4.into()).as_deref(), Some("Attribute it should be at most 3."));
    }

    #[test]
    fn a_secret_is_shown_by_no_composition() {
        let secret = || Value::from("hunter2");
        let cases: [Box<dyn Validator>; 6] = [
            Box::new(AllOf::new(OneOf(&["a"])).and(LengthAtMost(1))),
            Box::new(AnyOf::new(OneOf(&["a"])).or(LengthAtMost(1))),
            Box::new(AnyOf::new(OneOf(&["a"])).or(predicate(|value| Err(format!("{value:?}"))))),
            Box::new(Not(AnyOf::new(LengthAtLeast(1)).or(OneOf(&["a"])))),
            Box::new(Warn(AllOf::new(OneOf(&["a"])).and(Not(LengthAtLeast(2))))),
            Box::new(Warn(predicate(|value| Err(format!("{value:?}"))))),
        ];
        for validator in cases {
            let said = diagnostics(&validator, secret(), true);
            assert!(!said.is_empty());
            assert!(said.iter().all(|one| !format!("{one:?}").contains("hunter2")), "{said:?}");
            let each = EachElement(validator);
            for held in [Value::List(vec![secret()]), Value::object([("hunter2", secret())])] {
                let said = diagnostics(&each, held, true);
                assert!(!said.is_empty());
                assert!(said.iter().all(|one| !one.detail.contains("hunter2")), "{said:?}");
            }
        }
    }

    #[test]
    fn parts_that_do_not_fit_are_found() {
        assert!(port().applies_to(&Type::Number));
        assert!(!AnyOf::new(AtLeast(1)).or(LengthAtLeast(1)).applies_to(&Type::Number));
        assert!(!AllOf::new(AtLeast(1)).and(LengthAtLeast(1)).applies_to(&Type::String));
        assert!(!Not(AtLeast(1)).applies_to(&Type::String) && !Warn(AtLeast(1)).applies_to(&Type::String));
        let wrong = AllOf::new(OneOf(&[])).and(Not(Warn(AnyOf::new(Between(2, 1)))));
        assert_eq!(wrong.mistakes(), ["It leaves no choice.", "No number is between 2 and 1."]);
    }
}
