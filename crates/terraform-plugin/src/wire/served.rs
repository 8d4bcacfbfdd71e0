//! What a provider is while it is served: its objects by name, its client once it is configured, and its running calls.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::convert;
use super::generated::tfplugin6 as pb;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::framework::{AnyAction, AnyDataSource, AnyEphemeral, AnyFunction, AnyList, AnyResource, Declared};
use crate::operation::Call;
use crate::provider::{Objects, Provider};
use crate::schema::mistake::Mistake;
use crate::validate_implementation::mistakes;
use crate::value::{Type, Value};

type ByName<T> = HashMap<&'static str, Arc<T>>;

/// What came of configuring a provider.
pub(crate) enum Configuration<C> {
    /// It was not configured yet.
    Missing,
    /// Everything is put off until the configuration is known.
    Deferred,
    /// What operations work with.
    Made(Arc<C>),
}

/// A provider that is being served.
pub(crate) struct Served<P: Provider> {
    pub provider: P,
    pub declared: Declared,
    pub meta: Option<Declared>,
    pub resources: ByName<dyn AnyResource<P::Session>>,
    pub data_sources: ByName<dyn AnyDataSource<P::Session>>,
    pub ephemeral_resources: ByName<dyn AnyEphemeral<P::Session>>,
    pub list_resources: ByName<dyn AnyList<P::Session>>,
    pub actions: ByName<dyn AnyAction<P::Session>>,
    pub functions: ByName<dyn AnyFunction>,
    /// All of them, in the order in which the author declared them.
    objects: Objects<P::Session>,
    mistakes: OnceLock<Vec<Mistake>>,
    pub configuration: RwLock<Configuration<P::Session>>,
    /// The parent of every running call's token. A stop cancels it and puts a fresh one in its place, as the server
    /// keeps serving.
    stop: RwLock<CancellationToken>,
    /// Cancelled by the user's interrupt: calls that only read end then, and later ones do not begin.
    pub interrupt: CancellationToken,
    /// The running calls: the end of the server gives them a moment to save what they have.
    pub tasks: TaskTracker,
}

impl<P: Provider> Served<P> {
    pub fn new(provider: P, interrupt: CancellationToken) -> Self {
        fn by_name<T: ?Sized>(objects: &[Arc<T>], name: impl Fn(&T) -> &'static str) -> ByName<T> {
            objects.iter().map(|one| (name(one), Arc::clone(one))).collect()
        }
        let objects = provider.objects();
        Self {
            declared: Declared::new("the provider", provider.schema()),
            meta: provider.meta_schema().map(|schema| Declared::new("provider_meta", schema)),
            resources: by_name(&objects.resources, |one| one.declared().name),
            data_sources: by_name(&objects.data_sources, |one| one.declared().name),
            ephemeral_resources: by_name(&objects.ephemeral_resources, |one| one.declared().name),
            list_resources: by_name(&objects.list_resources, |one| one.declared().name),
            actions: by_name(&objects.actions, |one| one.declared().name),
            functions: by_name(&objects.functions, AnyFunction::name),
            objects,
            mistakes: OnceLock::new(),
            configuration: RwLock::new(Configuration::Missing),
            stop: RwLock::default(),
            interrupt,
            tasks: TaskTracker::new(),
            provider,
        }
    }

    /// What is wrong with what the provider declares. A provider with a mistake is not used, but it says what it is. It is looked
    /// for when somebody asks, as not every start of a provider is asked for its schema.
    pub fn mistakes(&self) -> &[Mistake] {
        self.mistakes.get_or_init(|| mistakes(&self.provider, &self.objects))
    }

    /// A token that is cancelled with all running calls.
    pub fn stop_token(&self) -> CancellationToken {
        self.stop.read().unwrap_or_else(PoisonError::into_inner).child_token()
    }

    /// Cancels all running calls. Later ones run.
    pub fn stop_running(&self) {
        std::mem::take(&mut *self.stop.write().unwrap_or_else(PoisonError::into_inner)).cancel();
    }

    /// What a call hands to an object.
    pub fn call(&self, stop: CancellationToken, capabilities: Option<pb::ClientCapabilities>) -> Call<P::Session> {
        let capabilities = capabilities.unwrap_or_default();
        let (session, provider_deferred) = match &*self.configuration.read().unwrap_or_else(PoisonError::into_inner) {
            Configuration::Missing => (None, false),
            Configuration::Deferred => (None, true),
            Configuration::Made(session) => (Some(Arc::clone(session)), false),
        };
        Call {
            session,
            provider_deferred,
            stop,
            meta: Value::Null,
            may_defer: capabilities.deferral_allowed,
            stores_planned_private: capabilities.store_planned_private,
            computed_blocks_allowed: capabilities.computed_blocks_allowed,
        }
    }

    /// The same, with what the module passes to the provider.
    pub fn call_with_meta(
        &self,
        stop: CancellationToken,
        capabilities: Option<pb::ClientCapabilities>,
        meta: Option<&pb::DynamicValue>,
    ) -> Result<Call<P::Session>, Diagnostics> {
        let meta = match &self.meta {
            Some(declared) => convert::read("provider meta block", meta, &declared.object_type)?,
            None => Value::Null,
        };
        Ok(Call { meta, ..self.call(stop, capabilities) })
    }
}

/// An object by its name.
pub(super) fn find<'a, T: ?Sized>(objects: &'a ByName<T>, kind: &str, name: &str) -> Result<&'a T, Diagnostics> {
    objects.get(name).map(AsRef::as_ref).ok_or_else(|| {
        let detail = format!("The provider has no {kind} named {name:?}. A newer version of the provider may have it.");
        Diagnostic::error(format!("Unknown {kind}"), detail).into()
    })
}

/// The type of an object's identity.
pub(super) fn identity_type(declared: &Declared) -> Result<&Type, Diagnostics> {
    declared.identity_type.as_ref().ok_or_else(|| {
        let detail = format!("A {} has no identity. A newer version of the provider may give it one.", declared.name);
        Diagnostic::error("No identity", detail).into()
    })
}
