//! The attributes that the API's complaints about fields are about.

use tensorpool::FieldError;
use terraform_plugin::AttributePath;

/// The attribute that a complaint about a field is about: `["body", "tp_cluster_name"]` is `name`.
pub fn attribute_path(field: &FieldError, attributes: &[(&str, &str)]) -> Option<AttributePath> {
    let mut steps = field.location.iter().skip_while(|step| *step == "body");
    let name = steps.next()?;
    let (_, attribute) = attributes.iter().find(|(api, _)| api == name)?;
    let path = AttributePath::of(*attribute);
    Some(match steps.next().and_then(|step| step.parse().ok()) {
        Some(index) => path.index(index),
        None => path,
    })
}
