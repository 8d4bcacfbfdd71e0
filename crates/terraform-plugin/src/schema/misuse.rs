//! Finds validators, defaults and modifiers that cannot work where they are, or that do nothing there.

use std::collections::BTreeMap;

use super::mistake::Check;
use super::{
    Attribute, Block, ConfigValidator, ModifierTarget, PathExpression, PlanModifier, Schema, Shape, Spot,
    ValidateRequest, Validator, ask,
};
use crate::diagnostic::Diagnostics;
use crate::path::AttributePath;
use crate::value::{Type, Value};

/// Where the search is.
#[derive(Clone)]
struct Place<'a> {
    /// The objects on the way, each of which stands in the one before.
    objects: Vec<Spot<'a>>,
    path: AttributePath,
    /// Inside an attribute that only the provider sets.
    unconfigurable: bool,
}

impl<'a> Place<'a> {
    fn attribute(&self, name: &str) -> Self {
        Self { path: self.path.clone().attribute(name), ..self.clone() }
    }

    fn object(&self, object: Spot<'a>, unconfigurable: bool) -> Self {
        let mut inner = self.clone();
        inner.objects.push(object);
        inner.unconfigurable |= unconfigurable;
        inner
    }

    fn at(&self) -> Option<&AttributePath> {
        Some(&self.path).filter(|path| !path.is_root())
    }
}

/// Whether a configuration can set it.
fn is_configurable(attribute: &Attribute) -> bool {
    attribute.required || attribute.optional
}

impl Check<'_> {
    pub(super) fn misuse(&mut self, schema: &Schema) {
        let place = Place { objects: vec![Spot::root(schema)], path: AttributePath::root(), unconfigurable: false };
        self.misuse_of_object(&schema.attributes, Some(&schema.blocks), &schema.config_validators, &place);
    }

    fn misuse_of_object<'a>(
        &mut self,
        attributes: &'a BTreeMap<String, Attribute>,
        blocks: Option<&'a BTreeMap<String, Block>>,
        config_validators: &[Box<dyn ConfigValidator>],
        place: &Place<'a>,
    ) {
        for (name, attribute) in attributes {
            self.misuse_of_attribute(attribute, &place.attribute(name));
        }
        for (name, block) in blocks.into_iter().flatten() {
            self.misuse_of_block(block, &place.attribute(name));
        }
        for validator in config_validators {
            self.misuse_of_paths(&validator.paths(), place);
        }
    }

    fn misuse_of_attribute<'a>(&mut self, attribute: &'a Attribute, place: &Place<'a>) {
        let unconfigurable = place.unconfigurable || !is_configurable(attribute);
        // An integer brings one with it, and so does the type of texts.
        let own = attribute.validators.len() - usize::from(attribute.whole) - usize::from(attribute.texts.is_some());
        if unconfigurable && (own > 0 || !attribute.config_validators.is_empty()) {
            self.report(place.at(), "No configuration can set it, so its validators are never called.");
        }
        self.misuse_of_validators(&attribute.validators, &attribute.value_type(), place);
        self.misuse_of_default(attribute, place);
        self.misuse_of_modifiers(&attribute.modifiers, attribute.modifier_target(), place);
        match &attribute.shape {
            Shape::Plain(_) if !attribute.config_validators.is_empty() => {
                self.report(place.at(), "It is no nested attribute, so it has no objects for a config validator.");
            }
            Shape::Plain(_) => {}
            Shape::Nested(_, nested) => {
                let inside = place.object(Spot::Object(nested, None), unconfigurable);
                self.misuse_of_object(nested, None, &attribute.config_validators, &inside);
            }
        }
    }

    fn misuse_of_block<'a>(&mut self, block: &'a Block, place: &Place<'a>) {
        self.misuse_of_validators(&block.validators, &block.value_type(), place);
        self.misuse_of_modifiers(&block.modifiers, Block::modifier_target(), place);
        if block.keeps.is_some() && !block.computed {
            self.report(place.at(), "It is not computed, so it is never unknown, and the state is never used for it.");
        }
        let inside = place.object(Spot::Object(&block.attributes, Some(&block.blocks)), false);
        self.misuse_of_object(&block.attributes, Some(&block.blocks), &block.config_validators, &inside);
    }

    fn misuse_of_validators(&mut self, validators: &[Box<dyn Validator>], ty: &Type, place: &Place<'_>) {
        for validator in validators {
            for mistake in validator.mistakes() {
                self.report(place.at(), mistake);
            }
            if *ty != Type::Dynamic && !validator.applies_to(ty) {
                let which = validator.description().map(|text| format!(" ({text})")).unwrap_or_default();
                self.report(place.at(), format!("One of its validators has no meaning for such a value{which}."));
            }
            self.misuse_of_paths(&validator.paths(), place);
        }
    }

    fn misuse_of_paths(&mut self, paths: &[&str], place: &Place<'_>) {
        for path in paths {
            match path.parse::<PathExpression>() {
                Ok(expression) => {
                    if let Err(nowhere) = expression.in_schema(&place.objects) {
                        self.report(place.at(), format!("A validator names a path that does not exist: {nowhere}"));
                    }
                }
                Err(error) => self.report(place.at(), format!("A validator names a path: {error}.")),
            }
        }
    }

    fn misuse_of_modifiers(
        &mut self,
        modifiers: &[Box<dyn PlanModifier>],
        target: ModifierTarget<'_>,
        place: &Place<'_>,
    ) {
        if place.unconfigurable && !modifiers.is_empty() {
            let sentence = "It stands in an attribute that only the provider sets: that is planned as a whole, so modifiers in it \
                            do nothing.";
            self.report(place.at(), sentence);
            return;
        }
        for useless in modifiers.iter().filter_map(|modifier| modifier.useless(target)) {
            self.report(place.at(), useless);
        }
    }

    fn misuse_of_default(&mut self, attribute: &Attribute, place: &Place<'_>) {
        if attribute.has_default() && place.unconfigurable {
            self.report(
                place.at(),
                "It stands in an attribute that only the provider sets, so its default has no effect.",
            );
        }
        let Some(default) = &attribute.default else { return };
        let mut refused = Diagnostics::new();
        for validator in attribute.validators.iter().filter(|one| one.paths().is_empty()) {
            ask(&**validator, &ValidateRequest::new(&place.path, default, &Value::Null), &mut refused);
        }
        if let Some(error) = refused.iter().find(|one| one.is_error()) {
            self.report(place.at(), format!("Its own validators refuse its default: {}", error.detail));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mistake::{Kind, Mistake};
    use super::super::{
        AlsoRequires, AtLeast, BlockNesting, ConflictsWith, EachElement, EachKey, ExactlyOneOf, IsRequired,
        LengthAtLeast, Matches, Nesting, Not, OneOf, RequiredTogether, SizeAtMost,
    };
    use super::*;
    use crate::text::Json;

    fn mistakes(schema: &Schema) -> Vec<String> {
        let mut mistakes = Vec::new();
        Check::of(Kind::Resource, "t_thing", &mut mistakes).schema(schema);
        let text = |mistake: &Mistake| mistake.to_string().replacen("resource t_thing", "", 1);
        mistakes.iter().map(text).map(|text| text.trim_start_matches([',', ':', ' ']).to_owned()).collect()
    }

    fn one(attribute: Attribute) -> Vec<String> {
        mistakes(&Schema::new("A thing.").attribute("it", attribute))
    }

    #[test]
    fn good_validators_are_no_mistakes() {
        let port = || {
            let bounds = Attribute::integer("Port.").optional().validate(AtLeast(1)).validate(ConflictsWith(&["name"]));
            [
                ("port", bounds),
                ("name", Attribute::string("Name.").optional().validate(AlsoRequires(&["/tags", "../tags"]))),
            ]
        };
        let nested = |nesting| {
            Attribute::nested(nesting, port(), "Nested.").optional().config_validator(ExactlyOneOf(&["port", "name"]))
        };
        let [(_, port_attribute), (_, name)] = port();
        let inner = Block::new(BlockNesting::Set, "Inner.").config_validator(RequiredTogether(&["../port", "/tags"]));
        let block = Block::new(BlockNesting::List, "Block.")
            .attribute("port", port_attribute)
            .attribute("name", name)
            .block("inner", inner)
            .validate(SizeAtMost(3))
            .validate(ConflictsWith(&["list[*].port"]));
        let tags = Attribute::map(Type::String, "Tags.").optional();
        let schema = Schema::new("A thing.")
            .attribute("tags", tags.validate(EachKey(LengthAtLeast(1))).validate(EachElement(LengthAtLeast(1))))
            .attribute("list", nested(Nesting::List))
            .attribute("set", nested(Nesting::Set))
            .attribute("one", nested(Nesting::Single))
            .attribute("any", Attribute::of(Type::Dynamic, "Any.").optional().validate(LengthAtLeast(1)))
            .block("block", block)
            .block("single", Block::new(BlockNesting::Single, "Single.").validate(IsRequired))
            .config_validator(ExactlyOneOf(&["one.port", "list[*].port", "block[*].inner", "tags[\"a\"]"]));
        assert_eq!(mistakes(&schema), [""; 0]);
    }

    #[test]
    fn a_validator_of_another_type_is_a_mistake() {
        let number = || Attribute::number("It.").optional();
        let wrong = |text| format!("it: One of its validators has no meaning for such a value ({text}).");
        assert_eq!(one(number().validate(LengthAtLeast(1))), [wrong("Must not be empty.")]);
        assert_eq!(one(number().validate(Not(OneOf(&["a"])))), [wrong("Must not be \"a\".")]);
        assert_eq!(one(number().text_type::<Json>()), [wrong("Must be JSON.")]);
        let list = Attribute::list(Type::Number, "It.").optional();
        assert_eq!(one(list.validate(EachElement(OneOf(&["a"])))), [wrong("Each element must be \"a\".")]);
        let block = Block::new(BlockNesting::Single, "It.").validate(SizeAtMost(1));
        assert_eq!(mistakes(&Schema::new("A thing.").block("it", block)), [wrong("Must have at most 1 element.")]);
    }

    #[test]
    fn a_validator_that_is_wrong_in_itself_is_a_mistake() {
        let text = || Attribute::string("It.").optional();
        assert_eq!(one(text().validate(Matches::new("a("))), ["it: Its pattern `a(` is no regular expression."]);
        let plain = text().config_validator(ExactlyOneOf(&["it"]));
        let expected = "it: It is no nested attribute, so it has no objects for a config validator.";
        assert_eq!(one(plain), [expected]);
    }

    #[test]
    fn paths_that_lead_nowhere_are_mistakes() {
        let text = || Attribute::string("Text.").optional();
        let nested = [("a", text().validate(ConflictsWith(&["b", "../none", "../../it"])))];
        let nested = Attribute::nested(Nesting::List, nested, "It.").optional();
        let block = Block::new(BlockNesting::List, "Block.")
            .validate(AlsoRequires(&["none"]))
            .config_validator(ExactlyOneOf(&["a", "[x"]));
        let schema = Schema::new("A thing.")
            .attribute("it", nested)
            .block("block", block)
            .config_validator(ExactlyOneOf(&["it.a", "it[*].a", "none"]));
        let wrong = |path: &str| {
            format!("A validator names a path that does not exist: `{path}` leads to nothing in the schema.")
        };
        assert_eq!(mistakes(&schema), [
            format!("it.a: {}", wrong("b")),
            format!("it.a: {}", wrong("../none")),
            "it.a: A validator names a path that does not exist: `../../it` leads out of the schema.".to_owned(),
            format!("block: {}", wrong("none")),
            format!("block: {}", wrong("a")),
            "block: A validator names a path: `[x` is not a path expression: it needs the name of an attribute or a block at \
             each step."
                .to_owned(),
            wrong("it.a"),
            wrong("none"),
        ]);
    }

    #[test]
    fn what_is_never_configured_is_never_validated() {
        let never = "No configuration can set it, so its validators are never called.";
        let computed = Attribute::string("It.").computed().validate(LengthAtLeast(1));
        assert_eq!(one(computed), [format!("it: {never}")]);
        assert_eq!(one(Attribute::integer("It.").computed()), [""; 0]);
        assert_eq!(one(Attribute::text::<Json>("It.").computed()), [""; 0]);
        let inside = [
            ("a", Attribute::string("A.").optional().validate(LengthAtLeast(1))),
            ("b", Attribute::string("B.").default("x")),
            ("c", Attribute::string("C.").default_with(|_| "x")),
        ];
        let nested = Attribute::nested(Nesting::List, inside, "It.").computed();
        let expected = [
            format!("it.a: {never}"),
            "it.b: It stands in an attribute that only the provider sets, so its default has no effect.".to_owned(),
            "it.c: It stands in an attribute that only the provider sets, so its default has no effect.".to_owned(),
        ];
        assert_eq!(one(nested), expected);
    }

    #[test]
    fn a_default_passes_its_own_validators() {
        let text = |default| Attribute::string("It.").default(default).validate(OneOf(&["a", "b"]));
        assert_eq!(one(text("a")), [""; 0]);
        let expected =
            "it: Its own validators refuse its default: Attribute it must be one of \"a\", \"b\", got: \"c\".";
        assert_eq!(one(text("c")), [expected]);
    }

    #[test]
    fn modifiers_that_do_nothing_are_mistakes() {
        let text = || Attribute::string("It.");
        let never_unknown =
            "it: Only what is computed and has no default becomes unknown, so the state is never used for it.";
        for attribute in [
            text().optional().use_state_for_unknown(),
            text().required().use_non_null_state_for_unknown(),
            text().default("a").use_state_for_unknown(),
        ] {
            assert_eq!(one(attribute), [never_unknown]);
        }
        let never_seen = "it: It is write-only, so no plan shows a change of it: it never replaces the object.";
        for attribute in [
            text().optional().write_only().requires_replace(),
            text().optional().write_only().requires_replace_if("it is odd", |_| true),
            text().optional().write_only().requires_replace_if_configured(),
        ] {
            assert_eq!(one(attribute), [never_seen]);
        }
        let expected = "it: No configuration can set it, so it never replaces the object.";
        assert_eq!(one(text().computed().requires_replace_if_configured()), [expected]);
        for attribute in [
            text().computed().use_state_for_unknown().requires_replace(),
            text().optional().computed().use_non_null_state_for_unknown().requires_replace_if_configured(),
            text().default("a").requires_replace_if("it is odd", |_| true),
        ] {
            assert_eq!(one(attribute), [""; 0]);
        }
        let nested = [("a", text().computed().use_state_for_unknown())];
        let expected = "it.a: It stands in an attribute that only the provider sets: that is planned as a whole, so modifiers in it \
                        do nothing.";
        assert_eq!(one(Attribute::nested(Nesting::List, nested, "It.").computed()), [expected]);
        let block = Block::new(BlockNesting::List, "It.").use_state_for_unknown();
        let expected = "it: It is not computed, so it is never unknown, and the state is never used for it.";
        assert_eq!(mistakes(&Schema::new("A thing.").block("it", block)), [expected]);
    }
}
