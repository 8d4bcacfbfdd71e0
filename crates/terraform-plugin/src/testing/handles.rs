//! The objects of a provider, by their names.

use super::{ActionHandle, DataSourceHandle, EphemeralHandle, FunctionHandle, InProcess, ListHandle, ResourceHandle};
use crate::provider::Provider;

/// The objects of the provider, by their names. A name of which it has none is a mistake of the test.
impl<P: Provider> InProcess<P> {
    /// A resource of the provider.
    ///
    /// # Panics
    /// If it has none of this name.
    #[must_use]
    #[track_caller]
    pub fn resource(&self, type_name: &str) -> ResourceHandle<P> {
        let served = self.local.served();
        known("resource", type_name, served.resources.keys());
        ResourceHandle::new(self.clone(), served.resources[type_name].declared().name)
    }

    /// A data source of the provider.
    ///
    /// # Panics
    /// If it has none of this name.
    #[must_use]
    #[track_caller]
    pub fn data_source(&self, type_name: &str) -> DataSourceHandle<P> {
        let served = self.local.served();
        known("data source", type_name, served.data_sources.keys());
        DataSourceHandle::new(self.clone(), served.data_sources[type_name].declared().name)
    }

    /// An ephemeral resource of the provider.
    ///
    /// # Panics
    /// If it has none of this name.
    #[must_use]
    #[track_caller]
    pub fn ephemeral(&self, type_name: &str) -> EphemeralHandle<P> {
        let served = self.local.served();
        known("ephemeral resource", type_name, served.ephemeral_resources.keys());
        EphemeralHandle::new(self.clone(), served.ephemeral_resources[type_name].declared().name)
    }

    /// A list resource of the provider.
    ///
    /// # Panics
    /// If it has none of this name.
    #[must_use]
    #[track_caller]
    pub fn list(&self, type_name: &str) -> ListHandle<P> {
        let served = self.local.served();
        known("list resource", type_name, served.list_resources.keys());
        ListHandle::new(self.clone(), served.list_resources[type_name].declared().name)
    }

    /// An action of the provider.
    ///
    /// # Panics
    /// If it has none of this name.
    #[must_use]
    #[track_caller]
    pub fn action(&self, type_name: &str) -> ActionHandle<P> {
        let served = self.local.served();
        known("action", type_name, served.actions.keys());
        ActionHandle::new(self.clone(), served.actions[type_name].declared().name)
    }

    /// A function of the provider.
    ///
    /// # Panics
    /// If it has none of this name.
    #[must_use]
    #[track_caller]
    pub fn function(&self, name: &str) -> FunctionHandle<P> {
        let served = self.local.served();
        known("function", name, served.functions.keys());
        FunctionHandle::new(self.clone(), served.functions[name].name())
    }
}

#[track_caller]
fn known<'a>(kind: &str, name: &str, names: impl Iterator<Item = &'a &'static str>) {
    let mut names: Vec<_> = names.copied().collect();
    names.sort_unstable();
    assert!(names.contains(&name), "the provider has no {kind} {name:?}; it has {names:?}");
}
