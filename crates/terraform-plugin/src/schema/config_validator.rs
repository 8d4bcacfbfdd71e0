//! Config validators: what the attributes and blocks of an object must be together.

use super::ValidateRequest;
use crate::diagnostic::Diagnostics;

/// What the attributes and blocks of an object must be together: of a whole configuration with
/// [`Schema::config_validator`](super::Schema::config_validator), of every block of a name with
/// [`Block::config_validator`](super::Block::config_validator), of every object of a nested attribute with
/// [`Attribute::config_validator`](super::Attribute::config_validator).
///
/// The library's take [path expressions](super::PathExpression), seen from that object: names, or what is further in or out.
///
/// ```
/// use terraform_plugin::schema::{Attribute, Block, BlockNesting, ConfigValidator, ExactlyOneOf, ValidateRequest};
/// use terraform_plugin::{Diagnostic, Diagnostics};
///
/// /// The last day of a window is not before its first.
/// struct InOrder;
///
/// impl ConfigValidator for InOrder {
///     fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
///         let day = |name| request.value.get(name).and_then(|day| day.as_i64());
///         if let (Some(first), Some(last)) = (day("first"), day("last"))
///             && last < first
///         {
///             let error = Diagnostic::error("Invalid window", "The window ends before it begins.");
///             diagnostics.push(error.at(request.path.clone()));
///         }
///     }
///
///     fn paths(&self) -> Vec<&str> {
///         vec!["first", "last"]
///     }
/// }
///
/// let day = |name: &str| Attribute::integer(format!("The {name} day.")).optional();
/// let window = Block::new(BlockNesting::List, "When it may be restarted.")
///     .attribute("first", day("first"))
///     .attribute("last", day("last"))
///     .attribute("always", Attribute::bool("At any time.").optional())
///     .config_validator(InOrder)
///     .config_validator(ExactlyOneOf(&["always", "first"]));
/// ```
pub trait ConfigValidator: Send + Sync + 'static {
    /// Adds a diagnostic for everything that is wrong with the object, which is the `value` of the request. Something that is
    /// unknown may still turn out to be null, so it is neither set nor missing.
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics);

    /// The [path expressions](super::PathExpression) of what it reads, seen from the object. [`validate_implementation`](crate::validate_implementation()) reports
    /// those that lead to nothing.
    fn paths(&self) -> Vec<&str>;

    /// What it demands, in one sentence of Markdown, for example ``Exactly one of `a` and `b` must be set.`` Clients get it in
    /// the description of every attribute and block of the object that it reads, and in that of the object itself if it reads
    /// anything else.
    fn description(&self) -> Option<String> {
        None
    }
}
