//! Whose API key it is.

/// The account that the API key belongs to. `None` stands for what the API does not report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The id of the user.
    pub uid: Option<String>,
    /// The id of the organization.
    pub org_id: Option<String>,
}
