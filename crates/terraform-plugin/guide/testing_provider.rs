use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use terraform_plugin::schema::{Attribute, IdentitySchema, LengthAtLeast, Schema, Upgrading};
use terraform_plugin::value::Type;
use terraform_plugin::{
    Action, Attr, AttributePath, Configure, DataSource, Diagnostic, Diagnostics, EphemeralResource, Function,
    FunctionError, ImportTarget, Invocation, ListResource, Listing, Model, MoveSource, Moved, Objects, Opened,
    Operation, Parameter, Provider, Resource, ResourcePlan, Signature, async_trait,
};

/// What stands in for the client of an API in tests: machines in memory, by their ids.
#[derive(Default)]
pub struct Api {
    machines: Mutex<BTreeMap<String, Machine>>,
    /// While it is set, no machine comes up.
    pub is_slow: AtomicBool,
}

impl Api {
    pub fn machines(&self) -> BTreeMap<String, Machine> {
        self.machines.lock().expect("no holder panics").clone()
    }

    pub fn get(&self, id: &Attr<String>) -> Option<Machine> {
        self.machines().remove(id.as_str().unwrap_or_default())
    }

    /// Also what somebody else changes behind Terraform's back.
    pub fn put(&self, machine: Machine) {
        let id = machine.id.as_str().unwrap_or_default().to_owned();
        self.machines.lock().expect("no holder panics").insert(id, machine);
    }

    pub fn remove(&self, id: &str) {
        self.machines.lock().expect("no holder panics").remove(id);
    }

    /// The address of a machine, once it is up.
    fn address(&self) -> Option<String> {
        (!self.is_slow.load(Ordering::Relaxed)).then(|| "192.0.2.1".to_owned())
    }
}

pub struct Cloud {
    pub api: Arc<Api>,
}

#[derive(Clone, Model)]
pub struct Config {
    token: Attr<String>,
}

#[async_trait]
impl Provider for Cloud {
    type Config = Config;
    type Session = Arc<Api>;

    fn schema(&self) -> Schema {
        Schema::new("A cloud.").attribute("token", Attribute::string("The token.").optional().sensitive())
    }

    async fn configure(&self, request: Configure<Config>) -> Result<Arc<Api>, Diagnostics> {
        if request.config.token.as_str() == Some("") {
            let error = Diagnostic::error("Token is empty", "Set a token, or leave it out.");
            return Err(error.at(AttributePath::of("token")).into());
        }
        Ok(Arc::clone(&self.api))
    }

    fn objects(&self) -> Objects<Arc<Api>> {
        Objects::new()
            .resource(MachineResource)
            .data_source(MachineSource)
            .list_resource(Machines)
            .ephemeral_resource(Login)
            .action(Reboot)
            .function(HostName)
    }
}

/// A disk grows in place; a smaller one is another machine.
pub fn needs_another_machine(from: i64, to: i64) -> bool {
    to < from
}

pub struct MachineResource;

#[derive(Clone, Debug, PartialEq, Model)]
pub struct Machine {
    pub id: Attr<String>,
    pub name: Attr<String>,
    pub disk_gb: Attr<i64>,
    pub password: Attr<String>,
    pub address: Attr<String>,
}

/// A machine in a state of version 0, whose disk was counted in megabytes.
#[derive(Clone, Model)]
pub struct MachineV0 {
    id: Attr<String>,
    disk: Attr<i64>,
}

async fn in_gigabytes(old: Upgrading<Arc<Api>, MachineV0>) -> Result<Machine, Diagnostics> {
    let disk_gb = old.state.disk.known().map(|megabytes| megabytes / 1024).into();
    Ok(Machine { disk_gb, ..unread(old.state.id) })
}

/// A machine of which no more than the id is known; Terraform reads the rest.
fn unread(id: Attr<String>) -> Machine {
    Machine { id, name: Attr::Null, disk_gb: Attr::Null, password: Attr::Null, address: Attr::Null }
}

/// Waits until a machine runs. An interrupt leaves a mark in the private data, for the next plan.
async fn wait(operation: &mut Operation<Arc<Api>, Machine>, machine: Machine) {
    loop {
        if let Some(address) = operation.session().address() {
            let machine = Machine { address: address.into(), ..machine };
            operation.session().put(machine.clone());
            operation.private_mut().remove("starting");
            return operation.save(machine);
        }
        tokio::select! {
            () = operation.stop().cancelled() => {
                operation.private_mut().set("starting", true);
                return operation.warn(Diagnostic::warning("Machine is starting", "Apply again to wait for it."));
            }
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

#[async_trait]
impl Resource for MachineResource {
    type Session = Arc<Api>;
    type Model = Machine;

    fn type_name(&self) -> &'static str {
        "cloud_machine"
    }

    fn schema(&self) -> Schema {
        Schema::new("A machine.")
            .noun("machine")
            .version(1)
            .upgrade_model(0, Type::object([("id", Type::String), ("disk", Type::Number)]), in_gigabytes)
            .identity(IdentitySchema::of("id", "The id."))
            .attribute("id", Attribute::string("The id.").computed().use_state_for_unknown())
            .attribute("name", Attribute::string("The name.").required().validate(LengthAtLeast(1)))
            .attribute("disk_gb", Attribute::integer("The disk, in GB.").default(10))
            .attribute("password", Attribute::string("Of the first user.").optional().write_only())
            .attribute("address", Attribute::string("The address.").computed().use_state_for_unknown())
    }

    async fn plan(&self, plan: &mut ResourcePlan<Arc<Api>, Machine>) -> Result<(), Diagnostics> {
        let (Some(prior), Some(planned)) = (&plan.prior, &mut plan.planned) else { return Ok(()) };
        if let (Some(from), Some(to)) = (prior.disk_gb.known(), planned.disk_gb.known())
            && needs_another_machine(*from, *to)
        {
            plan.requires_replace.push(AttributePath::of("disk_gb"));
        }
        // An update, which waits for what was interrupted.
        if plan.private.get("starting").is_some() {
            planned.address = Attr::Unknown;
        }
        Ok(())
    }

    async fn create(&self, operation: &mut Operation<Arc<Api>, Machine>, planned: Machine) -> Result<(), Diagnostics> {
        let api = operation.session();
        if api.machines().values().any(|machine| machine.name == planned.name) {
            let detail = "There is a machine of this name. Import it, or choose another name.";
            return Err(Diagnostic::error("Name is taken", detail).at(AttributePath::of("name")).into());
        }
        let id = format!("m-{}", api.machines().len() + 1);
        let machine = Machine { id: id.into(), address: Attr::Null, ..planned };
        api.put(machine.clone());
        // From here on Terraform has it.
        operation.save(machine.clone());
        if operation.config().is_some_and(|config| config.password.as_str() == Some("1234")) {
            return Err(Diagnostic::error("Password was refused", "It is too simple.").into());
        }
        wait(operation, machine).await;
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<Arc<Api>, Machine>, state: Machine) -> Result<(), Diagnostics> {
        match operation.session().get(&state.id) {
            Some(machine) => operation.save(machine),
            None => operation.remove(),
        }
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<Arc<Api>, Machine>,
        prior: Machine,
        planned: Machine,
    ) -> Result<(), Diagnostics> {
        let machine = Machine { address: prior.address, ..planned };
        operation.session().put(machine.clone());
        operation.save(machine.clone());
        wait(operation, machine).await;
        Ok(())
    }

    async fn delete(&self, operation: &mut Operation<Arc<Api>, Machine>, prior: Machine) -> Result<(), Diagnostics> {
        operation.session().remove(prior.id.as_str().unwrap_or_default());
        Ok(())
    }

    async fn import(
        &self,
        operation: &mut Operation<Arc<Api>, Machine>,
        target: ImportTarget,
    ) -> Result<(), Diagnostics> {
        operation.save(unread(target.text("id").map(str::to_owned).into()));
        Ok(())
    }

    async fn move_state(&self, source: MoveSource) -> Result<Option<Moved<Machine>>, Diagnostics> {
        let state = source.state(&Type::object([("server_id", Type::String)]));
        let Some(state) = state.ok().filter(|_| source.type_name == "other_server") else { return Ok(None) };
        let id = state.get("server_id").and_then(|id| id.as_str()).map(str::to_owned);
        Ok(Some(Moved::new(unread(id.into()))))
    }
}

pub struct MachineSource;

#[derive(Clone, Model)]
pub struct Wanted {
    name: Attr<String>,
    id: Attr<String>,
}

#[async_trait]
impl DataSource for MachineSource {
    type Session = Arc<Api>;
    type Model = Wanted;

    fn type_name(&self) -> &'static str {
        "cloud_machine"
    }

    fn schema(&self) -> Schema {
        Schema::new("A machine.")
            .attribute("name", Attribute::string("Its name.").required())
            .attribute("id", Attribute::string("Its id.").computed())
    }

    async fn read(&self, operation: &mut Operation<Arc<Api>, Wanted>, config: Wanted) -> Result<(), Diagnostics> {
        let found = operation.session().machines().into_values().find(|machine| machine.name == config.name);
        let found = found.ok_or_else(|| Diagnostic::error("No such machine", "No machine has this name."))?;
        operation.save(Wanted { id: found.id, ..config });
        Ok(())
    }
}

pub struct Machines;

#[derive(Clone, Model)]
pub struct Filter {
    min_disk_gb: Attr<i64>,
}

#[async_trait]
impl ListResource for Machines {
    type Session = Arc<Api>;
    type Config = Filter;
    type Model = Machine;

    fn type_name(&self) -> &'static str {
        "cloud_machine"
    }

    fn schema(&self) -> Schema {
        Schema::new("Machines.").attribute("min_disk_gb", Attribute::integer("The smallest disk.").optional())
    }

    async fn list(&self, listing: &Listing<Arc<Api>, Machine>, filter: Filter) -> Result<(), Diagnostics> {
        for machine in listing.session().machines().into_values() {
            if machine.disk_gb.known() >= filter.min_disk_gb.known() {
                listing.found(machine.name.as_str().unwrap_or_default().to_owned(), machine).await;
            }
        }
        Ok(())
    }
}

pub struct Login;

#[derive(Clone, Model)]
pub struct LoginModel {
    machine: Attr<String>,
    token: Attr<String>,
}

#[async_trait]
impl EphemeralResource for Login {
    type Session = Arc<Api>;
    type Model = LoginModel;

    fn type_name(&self) -> &'static str {
        "cloud_login"
    }

    fn schema(&self) -> Schema {
        Schema::new("A login.")
            .attribute("machine", Attribute::string("The id of the machine.").required())
            .attribute("token", Attribute::string("The token.").computed().sensitive())
    }

    async fn open(
        &self,
        operation: &mut Operation<Arc<Api>, LoginModel>,
        config: LoginModel,
    ) -> Result<Opened<LoginModel>, Diagnostics> {
        let machine = config.machine.as_str().unwrap_or_default();
        operation.private_mut().set("login", format!("login-of-{machine}"));
        let opened = Opened::new(LoginModel { token: format!("token-of-{machine}").into(), ..config });
        Ok(opened.renew_at(SystemTime::UNIX_EPOCH + Duration::from_mins(10)))
    }

    async fn renew(&self, _: &mut Operation<Arc<Api>>) -> Result<Option<SystemTime>, Diagnostics> {
        Ok(Some(SystemTime::UNIX_EPOCH + Duration::from_mins(20)))
    }
}

pub struct Reboot;

#[derive(Clone, Model)]
pub struct RebootModel {
    machine: Attr<String>,
}

#[async_trait]
impl Action for Reboot {
    type Session = Arc<Api>;
    type Model = RebootModel;

    fn type_name(&self) -> &'static str {
        "cloud_reboot"
    }

    fn schema(&self) -> Schema {
        Schema::new("Reboots a machine.").attribute("machine", Attribute::string("Its id.").required())
    }

    async fn invoke(&self, invocation: &mut Invocation<Arc<Api>>, config: RebootModel) -> Result<(), Diagnostics> {
        invocation.progress("going down");
        if invocation.session().get(&config.machine).is_none() {
            return Err(Diagnostic::error("No such machine", "It does not exist any more.").into());
        }
        invocation.progress("up again");
        Ok(())
    }
}

pub struct HostName;

#[derive(Clone, Model)]
pub struct HostNameArguments {
    name: String,
}

#[async_trait]
impl Function for HostName {
    type Arguments = HostNameArguments;
    type Output = String;

    fn name(&self) -> &'static str {
        "host_name"
    }

    fn signature(&self) -> Signature {
        Signature::new("The host name of a machine.", Type::String).parameter(Parameter::string("name", "Its name."))
    }

    async fn call(&self, arguments: HostNameArguments) -> Result<String, FunctionError> {
        if arguments.name.contains('.') {
            return Err(FunctionError::new("A name of a machine has no dots").at("name"));
        }
        Ok(format!("{}.cloud.example", arguments.name))
    }
}
