//! The provider: it has no configuration and no server.

use async_trait::async_trait;
use terraform_plugin::schema::Schema;
use terraform_plugin::{Configure, Diagnostics, Model, Objects, Provider};

use crate::block::Block;
use crate::kept::Kept;
use crate::nested::Nested;
use crate::plain::Plain;

/// Where a registry would have it.
pub const ADDRESS: &str = "example/shapes";

/// The provider.
pub struct Shapes;

/// The `provider` block, which holds nothing.
#[derive(Clone, Model)]
pub struct ProviderModel {}

#[async_trait]
impl Provider for Shapes {
    type Config = ProviderModel;
    type Session = ();

    fn schema(&self) -> Schema {
        Schema::new("Keeps objects of every shape in the state, and nowhere else.")
    }

    async fn configure(&self, _: Configure<ProviderModel>) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn objects(&self) -> Objects<()> {
        Objects::new().resource(Kept::<Plain>::new()).resource(Kept::<Nested>::new()).resource(Kept::<Block>::new())
    }
}
