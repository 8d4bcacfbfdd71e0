//! A resource whose identity has two parts, and an import that knows one of them.

use async_trait::async_trait;

use super::{call, nothing};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::framework::{AnyResource, ApplyInput, PlanInput, ResourceServer, Stored};
use crate::model::{Attr, Model};
use crate::operation::{Operation, Private};
use crate::resource::{ImportTarget, Resource};
use crate::schema::{Attribute, IdentityAttribute, IdentitySchema, Schema};
use crate::value::Value;

/// Its identity is an id and a zone, and its import saves the id only.
struct Zoned;

#[derive(Clone, Model)]
struct ZonedModel {
    id: Attr<String>,
    zone: Attr<String>,
}

#[async_trait]
impl Resource for Zoned {
    type Session = ();
    type Model = ZonedModel;

    fn type_name(&self) -> &'static str {
        "t_zoned"
    }

    fn schema(&self) -> Schema {
        let zone = IdentityAttribute::string("The zone.").optional_for_import();
        Schema::new("A thing in a zone.")
            .identity(IdentitySchema::of("id", "The id.").attribute("zone", zone))
            .attribute("id", Attribute::string("Id.").computed())
            .attribute("zone", Attribute::string("Zone.").optional().computed())
    }

    async fn create(&self, operation: &mut Operation<(), ZonedModel>, planned: ZonedModel) -> Result<(), Diagnostics> {
        operation.save(ZonedModel { id: "z-1".into(), ..planned });
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<(), ZonedModel>, state: ZonedModel) -> Result<(), Diagnostics> {
        operation.save(ZonedModel { zone: "z".into(), ..state });
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<(), ZonedModel>,
        _: ZonedModel,
        planned: ZonedModel,
    ) -> Result<(), Diagnostics> {
        operation.save(planned);
        Ok(())
    }

    async fn delete(&self, _: &mut Operation<(), ZonedModel>, _: ZonedModel) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn import(&self, operation: &mut Operation<(), ZonedModel>, target: ImportTarget) -> Result<(), Diagnostics> {
        operation.save(ZonedModel { id: target.text("id").unwrap_or_default().to_owned().into(), zone: Attr::Null });
        Ok(())
    }
}

#[tokio::test]
async fn an_identity_may_be_null_in_parts_and_be_completed() {
    let zoned = |id: &str, zone: Value| Value::object([("id", id.into()), ("zone", zone)]);
    let resource = ResourceServer::new(Zoned);
    let planned = Value::object([("id", Value::unknown()), ("zone", Value::Null)]);
    let input = ApplyInput { prior: nothing(), planned, config: zoned("", Value::Null) };
    let outcome = resource.apply(call(false), input).await;
    assert_eq!(outcome.identity, Some(zoned("z-1", Value::Null)));
    // What was asked for is handed on where the import saves less.
    let asked = zoned("z-1", "z".into());
    let outcome = resource.import(call(false), ImportTarget::Identity(asked.clone())).await;
    assert_eq!((outcome.state, outcome.identity), (zoned("z-1", Value::Null), Some(asked.clone())));
    let imported = resource.import(call(false), ImportTarget::Id("z-1".to_owned())).await;
    assert_eq!(imported.identity, Some(zoned("z-1", Value::Null)));
    // The read that follows knows all of it, and that is no other identity.
    let stored = Stored { state: imported.state, private: Private::default(), identity: imported.identity };
    let outcome = resource.read(call(false), stored).await;
    assert_eq!((outcome.identity, outcome.diagnostics), (Some(asked), Diagnostics::new()));
    let stored = Stored {
        state: zoned("z-1", "y".into()),
        private: Private::default(),
        identity: Some(zoned("z-1", "y".into())),
    };
    assert!(resource.read(call(false), stored).await.diagnostics.has_errors());
}

/// Its name is in its state, and its account is not.
struct Owned(Account);

/// What its operations save of the account.
#[derive(Clone, Copy)]
enum Account {
    Nothing,
    Saved(&'static str),
    WithName(&'static str),
    Wrong,
    /// Nothing, as they fail before.
    Failed,
}

#[derive(Clone, Model)]
struct OwnedModel {
    name: Attr<String>,
}

#[derive(Clone, Model)]
struct OwnedIdentity {
    account: Attr<String>,
}

impl Owned {
    fn save(&self, operation: &mut Operation<(), OwnedModel>, owned: OwnedModel) {
        operation.save(owned);
        match self.0 {
            Account::Nothing | Account::Failed => {}
            Account::Saved(account) => operation.save_identity(OwnedIdentity { account: account.into() }),
            Account::WithName(name) => {
                operation.save_identity(Value::object([("account", "1".into()), ("name", name.into())]));
            }
            Account::Wrong => {
                operation.save_identity(Value::object([("account", Value::unknown()), ("colour", "red".into())]));
            }
        }
    }
}

#[async_trait]
impl Resource for Owned {
    type Session = ();
    type Model = OwnedModel;

    fn type_name(&self) -> &'static str {
        "t_owned"
    }

    fn schema(&self) -> Schema {
        let account = IdentityAttribute::string("The account.").not_in_state();
        let region = IdentityAttribute::string("The region.").optional_for_import().not_in_state();
        Schema::new("A thing of an account.")
            .identity(IdentitySchema::of("name", "The name.").attribute("account", account).attribute("region", region))
            .attribute("name", Attribute::string("Name.").required())
    }

    async fn create(&self, operation: &mut Operation<(), OwnedModel>, planned: OwnedModel) -> Result<(), Diagnostics> {
        assert_eq!(operation.identity(), None);
        self.save(operation, planned);
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<(), OwnedModel>, state: OwnedModel) -> Result<(), Diagnostics> {
        if let Account::Failed = self.0 {
            return Err(Diagnostic::error("Failed", "It cannot be read.").into());
        }
        self.save(operation, state);
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<(), OwnedModel>,
        _: OwnedModel,
        planned: OwnedModel,
    ) -> Result<(), Diagnostics> {
        assert_eq!(operation.identity(), Some(&owned("a", "1".into())));
        self.save(operation, planned);
        Ok(())
    }

    async fn delete(&self, operation: &mut Operation<(), OwnedModel>, _: OwnedModel) -> Result<(), Diagnostics> {
        assert_eq!(operation.identity(), Some(&owned("a", "1".into())));
        Ok(())
    }

    async fn import(&self, operation: &mut Operation<(), OwnedModel>, _: ImportTarget) -> Result<(), Diagnostics> {
        self.save(operation, OwnedModel { name: "a".into() });
        Ok(())
    }
}

fn owned(name: &str, account: Value) -> Value {
    Value::object([("name", name.into()), ("account", account), ("region", Value::Null)])
}

fn named(name: &str) -> Value {
    Value::object([("name", Value::from(name))])
}

fn known(identity: Option<Value>) -> Stored {
    Stored { state: named("a"), private: Private::default(), identity }
}

fn sentences(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics.iter().map(|one| one.detail.lines().next().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn what_is_not_in_the_state_is_saved_once_and_kept() {
    let create = |account| async move {
        let input = ApplyInput { prior: nothing(), planned: named("a"), config: named("a") };
        ResourceServer::new(Owned(account)).apply(call(false), input).await
    };
    let created = create(Account::Saved("1")).await;
    assert_eq!((created.identity.clone(), created.diagnostics), (Some(owned("a", "1".into())), Diagnostics::new()));

    // No plan of a create knows it, and every other plan has it.
    let plan = |prior, proposed: Value| async move {
        let input = PlanInput { prior, proposed: proposed.clone(), config: proposed, earlier_private: None };
        ResourceServer::new(Owned(Account::Nothing)).plan(call(false), input).await
    };
    assert_eq!(plan(nothing(), named("a")).await.identity, None);
    assert_eq!(plan(known(created.identity.clone()), named("a")).await.identity, created.identity);

    // An operation that saves nothing of it keeps it.
    let resource = ResourceServer::new(Owned(Account::Nothing));
    let read = resource.read(call(false), known(created.identity.clone())).await;
    assert_eq!((read.identity, read.diagnostics), (created.identity.clone(), Diagnostics::new()));
    let input = ApplyInput { prior: known(created.identity.clone()), planned: named("a"), config: named("a") };
    let updated = resource.apply(call(false), input).await;
    assert_eq!((updated.identity, updated.diagnostics), (created.identity.clone(), Diagnostics::new()));
    let input = ApplyInput { prior: known(created.identity.clone()), planned: Value::Null, config: Value::Null };
    let deleted = resource.apply(call(false), input).await;
    assert_eq!((deleted.identity, deleted.diagnostics), (None, Diagnostics::new()));
}

#[tokio::test]
async fn an_import_hands_on_what_it_was_asked_for_and_a_read_completes_it() {
    let asked = owned("a", "1".into());
    let imported = async |account, target| ResourceServer::new(Owned(account)).import(call(false), target).await;
    let by_identity = imported(Account::Nothing, ImportTarget::Identity(asked.clone())).await;
    assert_eq!((by_identity.identity, by_identity.diagnostics), (Some(asked.clone()), Diagnostics::new()));
    let by_id = imported(Account::Nothing, ImportTarget::Id("a".to_owned())).await;
    assert_eq!((by_id.identity, by_id.diagnostics), (None, Diagnostics::new()));
    let by_id = imported(Account::Saved("1"), ImportTarget::Id("a".to_owned())).await;
    assert_eq!(by_id.identity, Some(asked.clone()));
    // The state is older than the identity.
    let read = ResourceServer::new(Owned(Account::Saved("1"))).read(call(false), known(None)).await;
    assert_eq!((read.identity, read.diagnostics), (Some(asked), Diagnostics::new()));
}

#[tokio::test]
async fn an_identity_is_whole_and_stays_what_it_is() {
    let before = || Some(owned("a", "1".into()));
    let lacks = "t_owned: after its read, its identity has no account. As it is not in the state, the operation has to hand it \
                 over (save_identity).";
    let another = "t_owned: after its read, its identity is another one than before.";
    let contradicts = "t_owned: after its read, name in the identity that it saved is not what its state says.";
    let unknown = "t_owned: after its read, in the identity that it saved, account is unknown.";
    for (account, identity, expected) in [
        (Account::Saved("1"), before(), &[][..]),
        (Account::WithName("a"), before(), &[]),
        (Account::Nothing, None, &[lacks]),
        // What failed has said why.
        (Account::Failed, None, &["It cannot be read."]),
        (Account::Saved("2"), before(), &[another]),
        (Account::WithName("b"), before(), &[contradicts]),
        (Account::Wrong, before(), &["colour", unknown]),
    ] {
        let read = ResourceServer::new(Owned(account)).read(call(false), known(identity)).await;
        let sentences = sentences(&read.diagnostics);
        assert_eq!(sentences.len(), expected.len(), "{sentences:?}");
        assert!(sentences.iter().zip(expected).all(|(one, part)| one.contains(part)), "{sentences:?}");
        assert_eq!(read.state, named("a"));
    }
}
