//! What is being done to an object.

/// What is being done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// A create.
    Create,
    /// A read.
    Read,
    /// An update in place.
    Update,
    /// A delete.
    Delete,
    /// An import.
    Import,
    /// A lookup of one or many.
    LookUp,
    /// The cancellation of something that runs.
    Cancel,
    /// A switch of the deletion protection.
    Protect,
    /// A rotation of keys.
    Rotate,
}

impl Verb {
    /// The action, for example `create`.
    pub fn infinitive(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Import => "import",
            Self::LookUp => "look up",
            Self::Cancel => "cancel",
            Self::Protect => "set deletion protection of",
            Self::Rotate => "rotate",
        }
    }

    /// The action while it is going on, for example `creating`.
    pub fn gerund(self) -> &'static str {
        match self {
            Self::Create => "creating",
            Self::Read => "reading",
            Self::Update => "updating",
            Self::Delete => "deleting",
            Self::Import => "importing",
            Self::LookUp => "looking up",
            Self::Cancel => "canceling",
            Self::Protect => "setting deletion protection of",
            Self::Rotate => "rotating",
        }
    }
}
