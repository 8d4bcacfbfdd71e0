//! A resource, as a test calls it.

use serde_json::Value as Json;

use super::conversion::convert;
use super::decode::decode;
use super::in_process::{InProcess, fitted};
use super::response::Response;
use super::validated::validated;
use super::{Config, StoredObject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::framework::{Declared, Outcome};
use crate::operation::Private;
use crate::provider::Provider;
use crate::resource::ImportTarget;
use crate::value::{Entries, Value};
use crate::wire::Moved;

/// A resource of a provider, as a test calls it: see [`InProcess`].
///
/// What is given for an object is a [`StoredObject`] that an earlier call returned, or one that the test [made](Self::stored).
pub struct ResourceHandle<P: Provider> {
    pub(super) provider: InProcess<P>,
    pub(super) name: &'static str,
    refreshes: bool,
}

impl<P: Provider> ResourceHandle<P> {
    pub(super) fn new(provider: InProcess<P>, name: &'static str) -> Self {
        Self { provider, name, refreshes: true }
    }

    pub(super) fn declared(&self) -> &Declared {
        self.provider.local.served().resources[self.name].declared()
    }

    /// Objects are not read before they are planned, as with `-refresh=false`.
    #[must_use]
    pub fn without_refresh(mut self) -> Self {
        self.refreshes = false;
        self
    }

    /// An object as the state has it, that no call of this test created: for example one that is in a state since last year.
    ///
    /// It has no private data, and the identity that follows from the state.
    ///
    /// # Panics
    /// If this is no state of the resource.
    #[must_use]
    #[track_caller]
    pub fn stored(&self, state: impl Into<Config>) -> StoredObject {
        let declared = self.declared();
        let state = fitted(declared, state.into());
        let schema = declared.schema.identity.as_ref().filter(|_| self.provider.version.identities);
        let identity = schema.and_then(|schema| schema.of_object(&state, None));
        StoredObject::new(state, Private::default(), identity)
    }

    /// Validates a configuration, as `terraform validate` does, and gives it as the provider sees it. The provider need not be
    /// configured.
    pub async fn validate(&self, config: impl Into<Config>) -> Response<Value> {
        let config = decode(&self.declared().schema, config.into().into_value()).map(|config| self.sent(config));
        let ask = async |config: &Value| {
            self.provider.local.validate_resource(self.name, config, self.provider.client()).await
        };
        validated(config, ask).await
    }

    /// A configuration as it is sent.
    fn sent(&self, config: Value) -> Value {
        if self.provider.version.capabilities.computed_blocks {
            super::proposed::without_empty_computed_blocks(&self.declared().schema.blocks, config)
        } else {
            config
        }
    }

    /// Reads an object. The result is `None` if it does not exist any more.
    ///
    /// If it fails, the state stays as it was.
    pub async fn refresh(&self, object: &StoredObject) -> Response<Option<StoredObject>> {
        let read = self.provider.local.read_resource(self.name, object.stored(), self.provider.client()).await;
        let Outcome { state, private, identity, diagnostics, deferred } = read;
        if diagnostics.has_errors() || deferred.is_some() {
            return Response::new(Some(Some(object.clone())), diagnostics).deferred_by(deferred);
        }
        let read = (!state.is_null()).then(|| self.kept(state, private, identity));
        let read = read.map(|read| if object.is_tainted() { read.tainted() } else { read });
        Response::new(Some(read), diagnostics)
    }

    /// An object as this version of Terraform keeps it.
    pub(super) fn kept(&self, state: Value, private: Private, identity: Option<Value>) -> StoredObject {
        StoredObject::new(state, private, identity.filter(|_| self.provider.version.identities))
    }

    /// What a plan or an apply begins with: the object as it is now.
    pub(super) async fn current(
        &self,
        object: Option<&StoredObject>,
        reported: &mut Diagnostics,
    ) -> Response<Option<StoredObject>> {
        let Some(object) = object else { return Response::new(Some(None), Diagnostics::new()) };
        if !self.refreshes {
            return Response::new(Some(Some(object.clone())), Diagnostics::new());
        }
        let read = self.refresh(object).await;
        reported.extend(read.diagnostics().clone());
        read
    }

    /// Imports an object by its id, and reads it, as Terraform does.
    pub async fn import(&self, id: impl Into<String>) -> Response<StoredObject> {
        self.imported(ImportTarget::Id(id.into())).await
    }

    /// Imports an object by its identity, and reads it.
    ///
    /// # Panics
    /// If the resource has no identity, or this is not one.
    pub async fn import_identity(&self, identity: impl Into<Config>) -> Response<StoredObject> {
        let identity = self.identity(identity.into());
        self.imported(ImportTarget::Identity(identity)).await
    }

    fn identity(&self, written: Config) -> Value {
        let declared = self.declared();
        let Some(schema) = &declared.schema.identity else { panic!("a {} has no identity", self.name) };
        let Value::Map(mut written) = written.into_value() else { panic!("an identity is an object") };
        let mut identity = Entries::new();
        for (name, attribute) in &schema.attributes {
            let value = written.remove(name).unwrap_or(Value::Null);
            assert!(attribute.optional || !value.is_null(), "the identity of a {} needs {name}", self.name);
            let converted = convert(value, &attribute.ty).unwrap_or_else(|error| panic!("identity, {name}: {error}"));
            identity.insert(name, converted);
        }
        assert!(written.is_empty(), "the identity of a {} has no {:?}", self.name, written.keys());
        Value::Map(identity)
    }

    async fn imported(&self, target: ImportTarget) -> Response<StoredObject> {
        let imported = self.provider.local.import_resource(self.name, target, self.provider.client()).await;
        let Outcome { state, private, identity, mut diagnostics, deferred } = imported;
        if diagnostics.has_errors() || deferred.is_some() || state.is_null() {
            return Response::failed(diagnostics).deferred_by(deferred);
        }
        let imported = self.kept(state, private, identity);
        let read = self.refresh(&imported).await;
        diagnostics.extend(read.diagnostics().clone());
        if diagnostics.has_errors() {
            return Response::failed(diagnostics);
        }
        let deferred = read.deferred();
        let read = read.into_result().flatten();
        if read.is_none() {
            let detail = format!("While importing a {}, the provider found that no such object exists.", self.name);
            diagnostics.push(Diagnostic::error("Cannot import non-existent remote object", detail));
        }
        Response::new(read, diagnostics).deferred_by(deferred)
    }

    /// Upgrades a state that was stored with an older version of the schema. The object has no private data and no identity yet, as
    /// states from before there was one; the next read gives it.
    pub async fn upgrade(&self, version: i64, state: Json) -> Response<StoredObject> {
        let (state, diagnostics) = self.provider.local.upgrade_state(self.name, version, &state.to_string()).await;
        let object = (!state.is_null()).then(|| StoredObject::new(state, Private::default(), None));
        Response::new(object, diagnostics)
    }

    /// Upgrades an identity that was stored with an older version of its schema.
    pub async fn upgrade_identity(&self, version: i64, identity: Json) -> Response<Value> {
        let upgraded = self.provider.local.upgrade_identity(self.name, version, &identity.to_string()).await;
        let (identity, diagnostics) = upgraded;
        Response::new((!identity.is_null()).then_some(identity), diagnostics)
    }

    /// Makes an object of this resource from one of another type, as a `moved` block does.
    pub async fn move_from(&self, source: ForeignObject) -> Response<StoredObject> {
        let Outcome { state, private, identity, diagnostics, .. } =
            self.provider.local.move_resource(self.name, source.0).await;
        let object = (!state.is_null() && !diagnostics.has_errors()).then(|| self.kept(state, private, identity));
        Response::new(object, diagnostics)
    }

    /// The configuration that is generated for an object, as by `-generate-config-out`.
    pub async fn generate_config(&self, object: &StoredObject) -> Response<Value> {
        let (config, diagnostics) = self.provider.local.generate_config(self.name, object.state()).await;
        Response::new((!config.is_null()).then_some(config), diagnostics)
    }
}

/// An object of another type, perhaps of another provider: see [`ResourceHandle::move_from`].
pub struct ForeignObject(Moved);

impl ForeignObject {
    /// An object of a type with a state, of version 0, of `registry.terraform.io/hashicorp/` and the first word of the type.
    #[must_use]
    pub fn new(type_name: impl Into<String>, state: &Json) -> Self {
        let type_name = type_name.into();
        let provider = type_name.split('_').next().unwrap_or_default();
        let provider_address = format!("registry.terraform.io/hashicorp/{provider}");
        Self(Moved { provider_address, type_name, schema_version: 0, state: state.to_string(), private: Vec::new() })
    }

    /// The provider that it had, for example `registry.terraform.io/example/example`.
    #[must_use]
    pub fn of_provider(mut self, address: impl Into<String>) -> Self {
        self.0.provider_address = address.into();
        self
    }

    /// The version of the schema that its state was written with.
    #[must_use]
    pub fn schema_version(mut self, version: i64) -> Self {
        self.0.schema_version = version;
        self
    }

    /// The private data that its provider kept.
    #[must_use]
    pub fn private(mut self, private: Vec<u8>) -> Self {
        self.0.private = private;
        self
    }
}
