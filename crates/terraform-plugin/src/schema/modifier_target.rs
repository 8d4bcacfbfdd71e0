//! What a plan modifier is for, and what is said of it.

/// What a [`PlanModifier`](super::PlanModifier) is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModifierTarget<'a> {
    /// What the object is called: see [`Schema::noun`](super::Schema::noun).
    pub noun: &'a str,
    /// Whether a configuration can set it.
    pub configurable: bool,
    /// Whether plans leave it unknown if no configuration sets it: it is computed and has no default.
    pub becomes_unknown: bool,
    /// Whether it is write-only, and so null in every plan.
    pub write_only: bool,
}

impl ModifierTarget<'_> {
    /// Why a change of it is never seen.
    pub(super) fn never_seen(self) -> Option<String> {
        let sentence = "It is write-only, so no plan shows a change of it: it never replaces the object.";
        self.write_only.then(|| sentence.to_owned())
    }

    /// Why it is never unknown.
    pub(super) fn never_unknown(self) -> Option<String> {
        let sentence = "Only what is computed and has no default becomes unknown, so the state is never used for it.";
        (!self.becomes_unknown).then(|| sentence.to_owned())
    }

    /// The beginning of the sentence of what replaces the object.
    pub(super) fn forces_new(self) -> String {
        format!("Changing this forces a new {}", self.noun)
    }

    /// What a value does that is not unknown again in plans. Of what only the provider sets there is nothing to say: plans
    /// show the value.
    pub(super) fn kept(self) -> Option<String> {
        let sentence = "If it is removed from the configuration, its value is kept.";
        self.configurable.then(|| sentence.to_owned())
    }
}
