//! Filters of lists: data sources of several objects, and list resources.

use terraform_plugin::Attr;
use terraform_plugin::schema::Attribute;

/// The attribute `include_org` of a list.
pub fn include_org_attribute() -> Attribute {
    Attribute::bool("Whether to list those of your organization too. Default: `false`.").optional()
}

/// The attribute `name_contains` of a list.
pub fn name_contains_attribute() -> Attribute {
    Attribute::string("Lists only those whose name contains this text.").optional()
}

/// What a list is filtered by.
pub struct Filter {
    /// Whether those of the organization are listed too.
    pub include_org: Attr<bool>,
    /// Lists only those whose name contains this.
    pub name_contains: Attr<String>,
}
