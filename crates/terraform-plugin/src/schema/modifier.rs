//! Rules for planning one attribute or block.

use crate::path::AttributePath;
use crate::value::Value;

/// What a [`PlanModifier`] sees of its attribute or block, and may change.
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts, and one answer")]
pub struct PlannedAttribute<'a> {
    /// Where the attribute stands.
    pub path: &'a AttributePath,
    /// The value in the configuration: null when it is not set there.
    pub config: &'a Value,
    /// The value in the prior state: null when the object is being created.
    pub prior: &'a Value,
    /// The planned value so far.
    pub planned: &'a mut Value,
    /// Whether the object is being created.
    pub creating: bool,
    /// In an element of a set that is not what it was: `prior` stands in the prior element that is most like it, which may
    /// be another one.
    pub guessed: bool,
    /// The attribute or block holds others, and nothing changes in it but that computed values become unknown, as they do
    /// whenever the object changes anywhere.
    pub only_computed: bool,
    /// Set it to replace the object.
    pub requires_replace: bool,
}

/// A rule for planning one attribute or block. It runs after defaults were put in and computed attributes were made unknown.
pub trait PlanModifier: Send + Sync + 'static {
    /// Looks at the planned value and changes the plan where it must.
    fn modify(&self, attribute: &mut PlannedAttribute<'_>);
}

/// A change of the value replaces the object.
pub struct RequiresReplace;

impl PlanModifier for RequiresReplace {
    fn modify(&self, attribute: &mut PlannedAttribute<'_>) {
        if !attribute.creating && !attribute.only_computed && attribute.planned != attribute.prior {
            attribute.requires_replace = true;
        }
    }
}

/// A computed value that is known in the state does not become unknown again.
pub struct UseStateForUnknown;

impl PlanModifier for UseStateForUnknown {
    fn modify(&self, attribute: &mut PlannedAttribute<'_>) {
        let set_by_user = !attribute.config.is_null();
        if !set_by_user && !attribute.guessed && attribute.planned.is_unknown() && !attribute.prior.is_null() {
            *attribute.planned = attribute.prior.clone();
        }
    }
}
