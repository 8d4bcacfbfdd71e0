//! What an SSH key looks like in a configuration and in the state.

use tensorpool::{PublicKey, SshKey};
use terraform_plugin::schema::{Attribute, IdentitySchema, LengthAtLeast, Schema, predicate};
use terraform_plugin::{Attr, Model, Timeouts};

use crate::evidence::Spelling;
use crate::public_key::{PUBLIC_KEY, check_key, is_same_key};

/// The names that the API has for attributes, for its complaints about fields.
pub(super) const API_NAMES: [(&str, &str); 2] = [("public_key", "public_key"), ("name", "name")];

/// The state of a `tensorpool_ssh_key`.
#[derive(Clone, Debug, Default, Model)]
pub struct SshKeyModel {
    pub(super) id: Attr<String>,
    pub(super) name: Attr<String>,
    pub(super) public_key: Attr<String>,
    pub(super) fingerprint: Attr<String>,
    pub(super) created_at: Attr<String>,
    pub(super) timeouts: Timeouts,
}

pub(super) fn schema() -> Schema {
    Schema::new(
        "An SSH public key of your account. TensorPool installs all keys of the account, and those of your organization, \
         on every cluster that is created afterwards; clusters that exist already do not get it, and those that have it \
         keep it when it is removed. The API cannot change a key, so every change replaces it.",
    )
    .noun("key")
    .identity(IdentitySchema::of("id", "The id of the key."))
    .attribute("id", Attribute::string("The id of the key.").computed().use_non_null_state_for_unknown())
    .attribute(
        "name",
        Attribute::string(
            "The name. Without one, TensorPool takes the email address of your account. If the name of an imported key differs \
             only in case or in spaces around it, TensorPool's is kept.",
        )
        .optional()
        .computed()
        .use_non_null_state_for_unknown()
        .requires_replace()
        .validate(LengthAtLeast(1)),
    )
    .attribute(
        "public_key",
        Attribute::string(
            "The public key in OpenSSH's format, as it stands in a file like `~/.ssh/id_ed25519.pub`. Keys are compared \
             by type and key, so another comment and other spaces are no change.",
        )
        .required()
        .equivalent_when(is_same_key)
        .requires_replace()
        .validate(predicate(check_key).saying(PUBLIC_KEY)),
    )
    .attribute(
        "fingerprint",
        Attribute::string("The SHA-256 fingerprint, as `ssh-keygen -l` prints it. Known during the plan.").computed(),
    )
    .attribute(
        "created_at",
        Attribute::string("When the key was added. Null if the API does not return it.").computed().use_non_null_state_for_unknown(),
    )
    .block("timeouts", Timeouts::block(&[("create", "60m"), ("read", "5m"), ("delete", "60m")]))
}

impl SshKeyModel {
    /// The id. A state without one cannot come from this provider; an empty id finds nothing.
    pub(super) fn id(&self) -> &str {
        self.id.as_str().unwrap_or_default()
    }

    /// The key, if there is one.
    pub(super) fn key(&self) -> Option<PublicKey> {
        self.public_key.known().and_then(|text| PublicKey::parse(text).ok())
    }

    /// The same, with the fingerprint that follows from the key.
    pub(super) fn with_fingerprint(mut self) -> Self {
        if let Some(key) = self.key() {
            self.fingerprint = key.fingerprint().into();
        }
        self
    }

    /// The same, with what the API returns. What it does not return stays as it was, as does a name that only its spelling
    /// changes.
    pub(super) fn refreshed(self, key: &SshKey, spelling: &Spelling) -> Self {
        let returned = |new: &Option<String>, known: Attr<String>| new.clone().map_or(known, Attr::Known);
        Self {
            id: key.id.clone().into(),
            name: spelling.reconcile("name", self.name, key.name.as_ref()),
            public_key: returned(&key.public_key, self.public_key),
            fingerprint: returned(&key.fingerprint, self.fingerprint),
            created_at: returned(&key.created_at, self.created_at),
            timeouts: self.timeouts,
        }
        .with_fingerprint()
        .without_unknowns()
    }

    /// The same after a create: what was planned stands, and the API returns the rest.
    pub(super) fn with_computed(self, key: &SshKey) -> Self {
        let planned = self.clone();
        let fresh = self.refreshed(key, &Spelling::default());
        let name = if planned.name.is_unknown() { fresh.name } else { planned.name };
        Self { name, created_at: fresh.created_at, ..planned }.without_unknowns()
    }

    /// Notes how the API spells the name that this state holds.
    pub(super) fn record_spelling(&self, key: &SshKey, spelling: &mut Spelling) {
        spelling.record("name", &self.name, key.name.as_ref());
    }

    /// The same, without anything unknown.
    pub(super) fn without_unknowns(mut self) -> Self {
        for attribute in [&mut self.name, &mut self.fingerprint, &mut self.created_at] {
            if attribute.is_unknown() {
                *attribute = Attr::Null;
            }
        }
        self
    }

    /// Whether the configuration holds the key of an imported object for the first time, which the API did not: that is
    /// no other key, unless the fingerprint says so.
    pub(super) fn is_first_known(&self, planned: &Self) -> bool {
        let same = |known: &String| planned.fingerprint.known() == Some(known);
        self.public_key.is_null() && self.fingerprint.known().is_none_or(same)
    }

    /// Whether the planned name may be the one that the API shows of an imported key: the API may trim names or write them in
    /// lower case, and how the configuration spelled this one when the key was added is not known.
    pub(super) fn may_be_named(&self, planned: &Self) -> bool {
        let plain = |name: &String| name.trim().to_lowercase();
        let (shown, wanted) = (self.name.known().map(plain), planned.name.known().map(plain));
        shown.is_some() && shown == wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6 me@home";
    const FINGERPRINT: &str = "SHA256:IrjZyz2sJZZa7y/ajQtvY5mZiIkjkkco9HlL0VjjPWE";

    #[test]
    fn what_the_api_does_not_tell_stays_or_is_null() {
        let planned = SshKeyModel {
            public_key: KEY.into(),
            name: Attr::Unknown,
            created_at: Attr::Unknown,
            ..Default::default()
        };
        let returned = SshKey { id: "key_1".to_owned(), ..SshKey::default() };
        let state = planned.with_fingerprint().with_computed(&returned);
        assert_eq!((state.name.is_null(), state.created_at.is_null()), (true, true));
        assert_eq!(state.fingerprint, Attr::Known(FINGERPRINT.to_owned()));
        let state = state.refreshed(&SshKey { name: Some("n".to_owned()), ..returned }, &Spelling::default());
        assert_eq!((state.name, state.public_key), ("n".into(), KEY.into()));
    }

    #[test]
    fn a_key_that_an_import_did_not_tell_is_no_other_key() {
        let planned = SshKeyModel { public_key: KEY.into(), ..Default::default() }.with_fingerprint();
        let imported = SshKeyModel { id: "key_1".into(), ..Default::default() };
        assert!(imported.is_first_known(&planned));
        assert!(SshKeyModel { fingerprint: FINGERPRINT.into(), ..imported.clone() }.is_first_known(&planned));
        assert!(!SshKeyModel { fingerprint: "SHA256:other".into(), ..imported }.is_first_known(&planned));
        assert!(!planned.clone().is_first_known(&planned));
    }

    fn named(name: &str) -> SshKeyModel {
        SshKeyModel { name: name.into(), ..SshKeyModel::default() }
    }

    #[test]
    fn the_users_name_stays_while_the_api_keeps_its_spelling() {
        let shown = |name: &str| SshKey { id: "key_1".to_owned(), name: Some(name.to_owned()), ..SshKey::default() };
        let mut spelling = Spelling::default();
        let state = named("Laptop").with_computed(&shown("laptop"));
        state.record_spelling(&shown("laptop"), &mut spelling);
        assert_eq!(state.name, "Laptop".into());
        assert_eq!(state.clone().refreshed(&shown("laptop"), &spelling).name, "Laptop".into());
        assert_eq!(state.refreshed(&shown("renamed"), &spelling).name, "renamed".into(), "that is drift");
    }

    #[test]
    fn an_imported_name_may_be_the_apis_spelling_of_the_planned_one() {
        for (shown, planned, expected) in [
            ("laptop", "Laptop", true),
            ("laptop", " laptop ", true),
            ("laptop", "laptop", true),
            ("Laptop", "laptop", true),
            ("laptop", "desktop", false),
            ("my laptop", "mylaptop", false),
        ] {
            assert_eq!(named(shown).may_be_named(&named(planned)), expected, "{shown:?} {planned:?}");
        }
        assert!(!SshKeyModel::default().may_be_named(&SshKeyModel::default()));
    }

    #[test]
    fn the_model_fits_the_schema() {
        assert!(SshKeyModel::default().into_value().to_msgpack(&schema().object_type()).is_ok());
    }
}
