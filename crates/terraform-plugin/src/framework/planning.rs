//! Computes a plan from the schema: defaults, what apply will find out, and what a change means.
//!
//! Terraform proposes a state that joins the configuration with the prior state. Five steps refine it, in this order:
//!
//! 1. the elements of sets are joined again, as Terraform knows nothing of defaults;
//! 2. attributes that the configuration leaves out get their default;
//! 3. values that only spell the prior state differently become the prior value again;
//! 4. if anything changes, computed attributes that the configuration does not set become unknown;
//! 5. the modifiers of attributes and blocks run: keep the state's value, replace the object.

use super::bug_report::mistake;
use super::duplicates::duplicates;
use super::elements::join;
use super::guard::caught_about;
use super::item::Item;
use super::open;
use super::walk::{Inside, Site, each};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::operation::Private;
use crate::path::AttributePath;
use crate::schema::{Attribute, PlannedAttribute, PlannedObject, Schema};
use crate::value::{Misfit, Value};

/// The outcome of the steps.
pub(crate) struct Plan {
    pub planned: Value,
    pub requires_replace: Vec<AttributePath>,
    /// What modifiers report, the crashes of the author's code, and what no plan can hold.
    pub diagnostics: Diagnostics,
}

/// Computes the plan of an object that is being created or updated.
pub(crate) fn plan(schema: &Schema, prior: &Value, proposed: Value, config: &Value, private: &Private) -> Plan {
    let ty = schema.object_type();
    // Elements of a set that turn out to be equal are one.
    let united = |planned: Value| planned.fit(&ty).0;
    let mut planned = proposed;
    forget_write_only(schema, &mut planned);
    each(schema, config, prior, &mut planned, &mut join_sets);
    // Where the prior state is not needed, its sets need not be searched.
    let mut diagnostics = Diagnostics::new();
    each(schema, config, &Value::Null, &mut planned, &mut |site| put_default(schema, site, &mut diagnostics));
    each(schema, config, prior, &mut planned, &mut |site| keep_spelling(schema, site, &mut diagnostics));
    let settled = united(planned.clone());
    if settled != *prior {
        each(schema, config, &Value::Null, &mut planned, &mut mark_unknown);
    }
    let mut requires_replace = Vec::new();
    let before = planned.clone();
    let object = PlannedObject { config, prior, planned: &before, private };
    each(schema, config, prior, &mut planned, &mut |site| {
        let only_computed = site.item.holds_others() && settled.at(site.path) == Some(site.prior);
        let replaces = run_modifiers(schema, object, site, only_computed, &mut diagnostics);
        if replaces || (!prior.is_null() && open::may_replace(site.item, site.config, site.prior, object)) {
            requires_replace.push(site.path.clone());
        }
        Inside::Visit
    });
    diagnostics.extend(duplicates(schema, config, &mut planned));
    Plan { planned: united(planned), requires_replace, diagnostics }
}

/// Runs the modifiers of an attribute or block. Says whether they replace the object.
fn run_modifiers(
    schema: &Schema,
    object: PlannedObject<'_>,
    site: &mut Site<'_>,
    only_computed: bool,
    diagnostics: &mut Diagnostics,
) -> bool {
    let Site { item, path, config, prior, planned, added, guessed, .. } = site;
    if item.modifiers().is_empty() {
        return false;
    }
    let mut found = Diagnostics::new();
    let mut view = PlannedAttribute {
        path,
        config,
        prior,
        planned,
        object,
        creating: object.prior.is_null(),
        added: *added,
        guessed: *guessed,
        only_computed,
        requires_replace: false,
        diagnostics: &mut found,
    };
    for modifier in item.modifiers() {
        let crash = about(schema, "plan", path, || modifier.modify(&mut view)).err();
        view.diagnostics.extend(crash);
    }
    let requires_replace = view.requires_replace;
    let place = |one: Diagnostic| if one.path.is_none() { one.at(path.clone()) } else { one };
    diagnostics.extend(found.into_iter().map(place));
    requires_replace
}

/// Runs a piece of the author's code that is about the value at a path.
fn about<T>(schema: &Schema, what: &str, path: &AttributePath, piece: impl FnOnce() -> T) -> Result<T, Diagnostic> {
    let (sensitive, shown) = schema.secrecy(path);
    caught_about(what, &path.shown(shown), sensitive, piece)
}

/// In a state that was read or applied: values that only spell the former one differently keep its spelling. What is not known
/// of the former one has none to keep.
pub(crate) fn keep_spellings(schema: &Schema, former: &Value, state: &mut Value, diagnostics: &mut Diagnostics) {
    each(schema, &Value::Null, former, state, &mut |site| respell(schema, site, diagnostics, Attribute::respelled));
}

/// Write-only values are null in every plan and state.
pub(crate) fn forget_write_only(schema: &Schema, state: &mut Value) {
    each(schema, &Value::Null, &Value::Null, state, &mut |site| {
        if site.item.attribute().is_some_and(|attribute| attribute.write_only) {
            *site.planned = Value::Null;
        }
        Inside::Visit
    });
}

fn join_sets(site: &mut Site<'_>) -> Inside {
    if let (Some(children), Value::Set(elements), Value::Set(_)) = (site.item.in_set(), site.config, &site.planned) {
        *site.planned = join(children, elements, site.prior);
    }
    Inside::Visit
}

fn put_default(schema: &Schema, site: &mut Site<'_>, diagnostics: &mut Diagnostics) -> Inside {
    let Item::Attribute(attribute) = site.item else { return Inside::Visit };
    if !site.config.is_null() {
        return Inside::Visit;
    }
    if !attribute.has_default() {
        return Inside::Skip;
    }
    match about(schema, "choose the default of", site.path, || attribute.default_in(site.around)) {
        Ok(Ok(Some(default))) => *site.planned = default.into_owned(),
        Ok(Ok(None)) => {}
        Ok(Err(misfits)) => {
            let wrong = |one: &Misfit| misplaced(schema, site.path, one);
            diagnostics.extend(misfits.iter().map(wrong));
        }
        Err(crash) => diagnostics.push(crash.at(site.path.clone())),
    }
    // What is not configured as a whole has nothing inside that the configuration leaves out.
    Inside::Skip
}

/// A default that code has chosen is of another type.
fn misplaced(schema: &Schema, path: &AttributePath, misfit: &Misfit) -> Diagnostic {
    let (sensitive, shown) = schema.secrecy(path);
    let inside = if sensitive || misfit.path.is_root() { String::new() } else { format!(" at {}", misfit.path) };
    mistake(&path.shown(shown), &format!("the default that was chosen for it{inside} {}.", misfit.kind))
        .at(path.clone())
}

/// In a plan: Terraform accepts of an attribute what is configured or what was there before, as a whole.
fn keep_spelling(schema: &Schema, site: &mut Site<'_>, diagnostics: &mut Diagnostics) -> Inside {
    respell(schema, site, diagnostics, |attribute, former, planned| {
        if attribute.equivalent(former, planned) { former.clone() } else { planned.clone() }
    })
}

fn respell(
    schema: &Schema,
    site: &mut Site<'_>,
    diagnostics: &mut Diagnostics,
    spell: impl FnOnce(&Attribute, &Value, &Value) -> Value,
) -> Inside {
    let Some(attribute) = site.item.attribute().filter(|one| one.has_spellings()) else { return Inside::Visit };
    if *site.prior != *site.planned {
        match about(schema, "compare the values of", site.path, || spell(attribute, site.prior, site.planned)) {
            Ok(spelled) => *site.planned = spelled,
            Err(crash) => diagnostics.push(crash.at(site.path.clone())),
        }
    }
    Inside::Visit
}

fn mark_unknown(site: &mut Site<'_>) -> Inside {
    if let Item::Attribute(attribute) = site.item
        && attribute.computed
        && !attribute.has_default()
        && site.config.is_null()
    {
        *site.planned = Value::unknown();
    }
    Inside::Visit
}

#[cfg(test)]
mod default_tests;
#[cfg(test)]
mod modifier_tests;
#[cfg(test)]
mod set_tests;
#[cfg(test)]
mod tests;
