//! Rules for planning one attribute.

use crate::path::AttributePath;
use crate::value::Value;

/// What a [`PlanModifier`] sees of its attribute, and may change.
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
    /// Set it to replace the object.
    pub requires_replace: bool,
}

/// A rule for planning one attribute. It runs after defaults were put in and computed attributes were made unknown.
pub trait PlanModifier: Send + Sync + 'static {
    /// Looks at the planned value and changes the plan where it must.
    fn modify(&self, attribute: &mut PlannedAttribute<'_>);
}

/// A change of the value replaces the object.
pub struct RequiresReplace;

impl PlanModifier for RequiresReplace {
    fn modify(&self, attribute: &mut PlannedAttribute<'_>) {
        if !attribute.creating && attribute.planned != attribute.prior {
            attribute.requires_replace = true;
        }
    }
}

/// A computed value that is known in the state does not become unknown again.
pub struct UseStateForUnknown;

impl PlanModifier for UseStateForUnknown {
    fn modify(&self, attribute: &mut PlannedAttribute<'_>) {
        let set_by_user = !attribute.config.is_null();
        if !set_by_user && attribute.planned.is_unknown() && !attribute.prior.is_null() {
            *attribute.planned = attribute.prior.clone();
        }
    }
}
