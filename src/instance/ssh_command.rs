//! The data source `tensorpool_ssh_command`.

use async_trait::async_trait;
use terraform_plugin::schema::{Attribute, LengthAtLeast, Schema};
use terraform_plugin::{Attr, DataSource, Diagnostics, Model, Operation};

use super::system::{system_attribute, system_of};
use crate::errors::{Subject, Verb};
use crate::lookup;
use crate::session::Session;
use crate::timeouts;

/// The state of `tensorpool_ssh_command`.
#[derive(Clone, Debug, Model)]
pub struct SshCommandModel {
    instance_id: Attr<String>,
    system: Attr<String>,
    command: Attr<String>,
}

/// The data source `tensorpool_ssh_command`.
pub struct SshCommandDataSource;

#[async_trait]
impl DataSource for SshCommandDataSource {
    type Session = Session;
    type Model = SshCommandModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_ssh_command"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "The command that opens a shell on a node of a cluster. TensorPool composes it, with the user to log in as, and only \
             for a node that runs.",
        )
        .attribute(
            "instance_id",
            Attribute::string("The id of the node, as in `instances` of a [`tensorpool_cluster`](../resources/cluster.md).")
                .required()
                .validate(LengthAtLeast(1)),
        )
        .attribute("system", system_attribute())
        .attribute("command", Attribute::string("The command, quoted for a shell.").computed())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, SshCommandModel>,
        config: SshCommandModel,
    ) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let id = config.instance_id.as_str().unwrap_or_default();
        let system = system_of(&config.system);
        let found = api.instances().ssh_command(id, system).await;
        let subject = Subject::new(Verb::LookUp, "SSH command of node").with_id(id);
        let found = found.map_err(|error| lookup::failed(&subject, &error, "instance_id"))?;
        let system = system.into();
        operation.save(SshCommandModel { system, command: found.command.into(), ..config });
        Ok(())
    }
}
