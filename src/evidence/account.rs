//! With which account an object was last found.
//!
//! The 404 of an object that is another account's looks like that of a deleted object. So the state keeps, in private
//! data, a mark of the account with which the object was last found. At another endpoint it is another account, whatever
//! its id.

use serde_json::{Value, json};
use tensorpool::{Account, Api, Error, fingerprint};
use terraform_plugin::Private;

/// Where the mark is kept in private state.
const KEY: &str = "account";
/// Where a plan keeps the id of the tainted object that its mark is about.
const TAINTED: &str = "account_of_tainted";

/// The mark of an account: 16 bits of a fingerprint of the key, which say nothing of it, a fingerprint of the endpoint, and what
/// the API returned of the account if it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountMark {
    key: String,
    endpoint: Option<String>,
    /// For example `uid:u-1`: the user's id, or else the organization's.
    id: Option<String>,
    /// The organization's id.
    organization: Option<String>,
}

/// How two marks compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountMatch {
    /// They are of one account.
    Same,
    /// They are of two, as far as is known.
    Other,
    /// There is no mark to compare with.
    Unknown,
}

impl AccountMark {
    /// The mark of the account that the API is asked with. No request is sent: the id is in it if an earlier answer contained it.
    #[must_use]
    pub fn of(api: &Api) -> Self {
        let client = api.client();
        Self::new(&client.key_fingerprint(), client.known_account().as_ref()).at(client.endpoint())
    }

    /// Sends the control request, which the API answers for every account, and returns the account's mark.
    ///
    /// # Errors
    /// When the API does not answer it.
    pub async fn control(api: &Api) -> Result<Self, Error> {
        let account = api.account().await?;
        Ok(Self::new(&api.client().key_fingerprint(), Some(&account)).at(api.client().endpoint()))
    }

    /// A mark of these parts.
    #[must_use]
    pub fn new(key_fingerprint: &str, account: Option<&Account>) -> Self {
        let id = account.and_then(|account| {
            let uid = account.uid.as_ref().map(|id| format!("uid:{id}"));
            uid.or_else(|| account.org_id.as_ref().map(|id| format!("org:{id}")))
        });
        let organization = account.and_then(|account| account.org_id.clone());
        Self { key: key_fingerprint.to_owned(), endpoint: None, id, organization }
    }

    /// The same, at an endpoint.
    #[must_use]
    pub fn at(self, endpoint: &str) -> Self {
        Self { endpoint: Some(fingerprint(endpoint)), ..self }
    }

    /// The mark that a state was saved with.
    #[must_use]
    pub fn load(private: &Private) -> Option<Self> {
        let value = private.get(KEY)?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self { key: text("key")?, endpoint: text("endpoint"), id: text("id"), organization: text("organization") })
    }

    /// The mark for an object: one that a plan left for another object says nothing of this one.
    #[must_use]
    pub fn load_for(id: &str, private: &Private) -> Option<Self> {
        let is_about_it = private.text(TAINTED).is_none_or(|tainted| tainted == id);
        is_about_it.then(|| Self::load(private)).flatten()
    }

    /// Leaves the mark in a plan, for a tainted object that this process has read. Terraform plans its replacement as a create,
    /// and gives the destroy of it the private data of this plan, without that of the state.
    pub fn leave_for_tainted(&self, id: &str, private: &mut Private) {
        self.store(private);
        private.set(TAINTED, id);
    }

    /// Keeps the mark with a state whose object was found. One of the same key and endpoint stays as it is: Terraform takes a
    /// change of private data for a change outside of it.
    pub fn store(&self, private: &mut Private) {
        if Self::load(private).is_none_or(|kept| kept.key != self.key || kept.endpoint != self.endpoint) {
            let Self { key, endpoint, id, organization } = self;
            private.set(KEY, json!({"key": key, "endpoint": endpoint, "id": id, "organization": organization}));
        }
    }

    /// Whether the mark was left with the client's key at its endpoint, as far as their fingerprints say.
    #[must_use]
    pub fn is_of_client(&self, api: &Api) -> bool {
        self.key == api.client().key_fingerprint() && !self.is_elsewhere(&Self::of(api))
    }

    /// Whether both endpoints are known, and differ.
    fn is_elsewhere(&self, other: &Self) -> bool {
        self.endpoint.as_ref().zip(other.endpoint.as_ref()).is_some_and(|(one, other)| one != other)
    }

    /// Whether both organizations are known, and differ. Colleagues have keys of their own for one organization.
    fn is_other_organization(&self, kept: &Self) -> bool {
        if self.is_elsewhere(kept) {
            return true;
        }
        self.organization.as_ref().zip(kept.organization.as_ref()).is_some_and(|(now, then)| now != then)
    }

    /// Compares the mark of now with the one that was kept. Keys are rotated, so two keys are of one account if the API returns
    /// the same id for both.
    #[must_use]
    pub fn compare(&self, kept: Option<&Self>) -> AccountMatch {
        let Some(kept) = kept else { return AccountMatch::Unknown };
        if self.is_elsewhere(kept) {
            return AccountMatch::Other;
        }
        match (&self.id, &kept.id) {
            (Some(now), Some(then)) if same_kind(now, then) => {
                if now == then {
                    AccountMatch::Same
                } else {
                    AccountMatch::Other
                }
            }
            _ if self.key == kept.key => AccountMatch::Same,
            _ => AccountMatch::Other,
        }
    }
}

/// Whether the key may be of another organization than the one with which an object was last found. What is known by its name
/// alone may be another object there. No request is sent while key and
/// endpoint are the same.
///
/// # Errors
/// When the API does not say which account it is.
pub async fn is_other_organization(api: &Api, private: &Private) -> Result<bool, Error> {
    let Some(kept) = AccountMark::load(private) else { return Ok(false) };
    let now = if kept.is_of_client(api) { AccountMark::of(api) } else { AccountMark::control(api).await? };
    Ok(now.is_other_organization(&kept))
}

/// Whether both ids are a user's, or both an organization's.
fn same_kind(a: &str, b: &str) -> bool {
    a.split(':').next() == b.split(':').next()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tensorpool::Scope;
    use tensorpool_simulator::{Options, Simulator};

    use super::*;
    use crate::testing::KEY;

    fn mark(key: &str, id: Option<&str>) -> AccountMark {
        AccountMark { key: key.to_owned(), endpoint: None, id: id.map(str::to_owned), organization: None }
    }

    #[test]
    fn the_mark_of_a_plan_is_about_the_tainted_object_alone() {
        let (mark, mut private) = (AccountMark::new("k1", None), Private::default());
        mark.leave_for_tainted("c-1", &mut private);
        let loaded = ["c-1", "c-2"].map(|id| AccountMark::load_for(id, &private));
        assert_eq!(loaded, [Some(mark.clone()), None]);
        let mut state = Private::default();
        mark.store(&mut state);
        assert_eq!(AccountMark::load_for("c-2", &state), Some(mark));
    }

    #[test]
    fn accounts_are_compared_by_their_ids_and_else_by_their_keys() {
        let table = [
            (("k1", None), ("k1", None), AccountMatch::Same),
            (("k2", None), ("k1", None), AccountMatch::Other),
            // A key that was rotated.
            (("k2", Some("uid:u-1")), ("k1", Some("uid:u-1")), AccountMatch::Same),
            (("k2", Some("uid:u-1")), ("k1", None), AccountMatch::Other),
            // Two keys whose fingerprints collide.
            (("k1", Some("uid:u-2")), ("k1", Some("uid:u-1")), AccountMatch::Other),
            // Once the user was returned, once only the organization.
            (("k1", Some("org:o-1")), ("k1", Some("uid:u-1")), AccountMatch::Same),
            (("k2", Some("org:o-1")), ("k1", Some("uid:u-1")), AccountMatch::Other),
        ];
        for ((now_key, now_id), (then_key, then_id), expected) in table {
            let (now, then) = (mark(now_key, now_id), mark(then_key, then_id));
            assert_eq!(now.compare(Some(&then)), expected, "{now:?} {then:?}");
        }
        assert_eq!(mark("k1", None).compare(None), AccountMatch::Unknown);
    }

    #[test]
    fn at_another_endpoint_it_is_another_account() {
        let at = |endpoint: &str| mark("k1", Some("uid:u-1")).at(endpoint);
        let unknown = mark("k1", Some("uid:u-1"));
        let table = [
            (at("https://a"), at("https://a"), AccountMatch::Same, false),
            (at("https://b"), at("https://a"), AccountMatch::Other, true),
            (at("https://b"), unknown.clone(), AccountMatch::Same, false),
            (unknown, at("https://a"), AccountMatch::Same, false),
        ];
        for (now, then, expected, other_organization) in table {
            assert_eq!(now.compare(Some(&then)), expected, "{now:?} {then:?}");
            assert_eq!(now.is_other_organization(&then), other_organization, "{now:?} {then:?}");
        }
        let mut private = Private::default();
        at("https://a").store(&mut private);
        at("https://b").store(&mut private);
        assert_eq!(AccountMark::load(&private), Some(at("https://b")), "it was found there");
    }

    #[test]
    fn a_mark_survives_private_state_and_changes_with_the_key_alone() {
        let mut private = Private::default();
        assert_eq!(AccountMark::load(&private), None);
        mark("k1", Some("uid:u-1")).store(&mut private);
        mark("k1", Some("uid:u-2")).store(&mut private);
        assert_eq!(AccountMark::load(&private), Some(mark("k1", Some("uid:u-1"))));
        mark("k2", None).store(&mut private);
        assert_eq!(AccountMark::load(&private), Some(mark("k2", None)), "another key may be another account's");
    }

    #[test]
    fn the_users_id_goes_before_that_of_the_organization() {
        let account = Account { uid: Some("u-1".to_owned()), org_id: Some("o-1".to_owned()) };
        assert_eq!(AccountMark::new("k", Some(&account)).id.as_deref(), Some("uid:u-1"));
        let account = Account { uid: None, ..account };
        assert_eq!(AccountMark::new("k", Some(&account)).id.as_deref(), Some("org:o-1"));
    }

    #[tokio::test]
    async fn another_key_is_asked_for_its_organization_and_the_same_one_is_not() {
        let options = Options { listen: ([127, 0, 0, 1], 0).into(), api_key: KEY.to_owned(), ..Options::default() };
        let cloud = Simulator::spawn(options).expect("the simulator starts");
        let api = crate::testing::client(&cloud.url()).scoped(Scope::detached(Duration::from_secs(20)));
        assert_eq!(is_other_organization(&api, &Private::default()).await.ok(), Some(false), "no mark");
        let own = api.client().key_fingerprint();
        let table = [
            (own.as_str(), Some("o-other"), false, 0),
            ("other", Some("o-other"), true, 1),
            ("other", Some("o-simulated"), false, 2),
            ("other", None, false, 3),
        ];
        for (key, organization, expected, asked) in table {
            let mut private = Private::default();
            AccountMark { organization: organization.map(str::to_owned), ..mark(key, None) }.store(&mut private);
            let other = is_other_organization(&api, &private).await;
            assert_eq!((other.ok(), cloud.requests().len()), (Some(expected), asked), "{key} {organization:?}");
        }
    }

    #[test]
    fn an_organization_is_another_only_if_both_are_known() {
        let of = |org: Option<&str>| AccountMark { organization: org.map(str::to_owned), ..mark("k", None) };
        let table = [
            (Some("o-1"), Some("o-2"), true),
            (Some("o-1"), Some("o-1"), false),
            (Some("o-1"), None, false),
            (None, Some("o-1"), false),
        ];
        for (now, then, expected) in table {
            assert_eq!(of(now).is_other_organization(&of(then)), expected, "{now:?} {then:?}");
        }
        let mut private = Private::default();
        of(Some("o-1")).store(&mut private);
        assert_eq!(AccountMark::load(&private), Some(of(Some("o-1"))));
    }
}
