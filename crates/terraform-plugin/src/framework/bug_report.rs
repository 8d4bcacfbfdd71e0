//! Messages about what only a developer can correct: mistakes in the provider, and in a client that is no Terraform.

use crate::diagnostic::Diagnostic;
use crate::path::AttributePath;
use crate::value::Misfit;

/// A diagnostic for the author of a provider. `object` is the full name, for example `example_thing`.
pub(crate) fn mistake(object: &str, sentence: &str) -> Diagnostic {
    let detail = format!("{object}: {sentence}\n\nThis is a bug in the provider; please report it to its developers.");
    Diagnostic::error("Mistake in the provider", detail)
}

/// The same, at an attribute.
pub(super) fn mistake_at(object: &str, path: &AttributePath, what: &str, sentence: &str) -> Diagnostic {
    let diagnostic = mistake(object, &format!("{what}, {path} {sentence}."));
    if path.is_root() { diagnostic } else { diagnostic.at(path.clone()) }
}

/// A client applies a create of which it has no plan.
pub(super) fn nothing_to_apply(object: &str) -> Diagnostic {
    let detail = format!(
        "{object}: the client sent neither a prior nor a planned state, so there was nothing to do, and nothing was \
         changed.\n\nA client has to plan a create (PlanResourceChange), and to apply what was planned."
    );
    Diagnostic::error("Apply without a plan", detail)
}

/// A client applies what is not known yet.
pub(super) fn unknown_config(object: &str, unknown: &[AttributePath]) -> Diagnostic {
    let detail = format!(
        "{object}: the client applies a configuration of which {} is not known yet. Nothing was changed.\n\nA client has to \
         wait until all of a configuration is known before it applies it.",
        in_a_list(unknown)
    );
    Diagnostic::error("Apply of unknown values", detail)
}

/// A client created an object with the configuration in place of a planned state.
pub(super) fn unplanned(object: &str, computed: &[AttributePath]) -> Diagnostic {
    let detail = format!(
        "{object}: the client sent the configuration in place of a planned state, and so asked for {} to be null, which the \
         provider computes. It was created, and the state that is returned holds what was computed.\n\nA client has to plan \
         a create (PlanResourceChange), and to apply what was planned: what a plan would have refused was not checked.",
        in_a_list(computed)
    );
    Diagnostic::warning("Apply without a plan", detail)
}

fn in_a_list(paths: &[AttributePath]) -> String {
    paths.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

pub(super) fn misfit(object: &str, what: &str, misfit: &Misfit) -> Diagnostic {
    mistake_at(object, &misfit.path, what, &misfit.kind.to_string())
}
