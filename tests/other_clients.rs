//! Clients that do not behave as Terraform's command line does: they apply without a plan, drop what they are answered, or
//! end the provider as soon as they have an answer. The rules that keep objects and money safe hold for them too.

mod support;

use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value as Json, json};
use support::{KEY, PROGRAM, Scenario};
use tensorpool_simulator::Options;
use terraform_plugin::value::{Name, Type, Value};
use terraform_plugin_testing::proto::tfplugin6 as pb;
use terraform_plugin_testing::{Identity, Plugin, received, sent};

const CLUSTER: &str = "tensorpool_cluster";
const VOLUME: &str = "tensorpool_storage";
const OBJECT_STORAGE: &str = "tensorpool_object_storage";
const ATTACHMENT: &str = "tensorpool_storage_attachment";
const CREATED_ALREADY: &str = "A cluster may have been created already";

/// A client that speaks to a provider of its own.
struct Client {
    plugin: Plugin,
    schemas: pb::get_provider_schema::Response,
}

/// What an operation answered.
struct Answer {
    state: Value,
    private: Vec<u8>,
    diagnostics: Vec<pb::Diagnostic>,
}

impl Answer {
    /// Checks that there was nothing to say, and gives the rest.
    #[track_caller]
    fn silent(self) -> Self {
        assert!(self.diagnostics.is_empty(), "{:#?}", self.diagnostics);
        self
    }

    /// Checks that there was one error, and that it says all this.
    #[track_caller]
    fn error(&self, summary: &str, texts: &[&str]) {
        let errors: Vec<_> = self.diagnostics.iter().filter(|one| is_error(one)).collect();
        assert_eq!(errors.len(), 1, "not one error: {:#?}", self.diagnostics);
        assert_eq!(errors[0].summary, summary, "{errors:#?}");
        for text in texts {
            assert!(errors[0].detail.contains(text), "{text:?} is not in:\n{}", errors[0].detail);
        }
    }

    #[track_caller]
    fn id(&self) -> String {
        let Some(Value::String(id)) = self.state.get("id") else { panic!("no id: {:?}", self.state) };
        id.clone()
    }
}

fn is_error(diagnostic: &pb::Diagnostic) -> bool {
    diagnostic.severity() == pb::diagnostic::Severity::Error
}

impl Client {
    /// A client whose provider is its child, as under Terraform. All such clients of one test are one run.
    async fn start(scenario: &Scenario) -> Self {
        Self::start_by(scenario, Command::new(PROGRAM)).await
    }

    /// A client of another run: the parent of its provider is another process.
    async fn start_of_another_run(scenario: &Scenario) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", "\"$0\"; exit $?", PROGRAM]);
        Self::start_by(scenario, command).await
    }

    async fn start_by(scenario: &Scenario, mut command: Command) -> Self {
        command
            .current_dir(scenario.path(""))
            .env("TF_DATA_DIR", scenario.path("data"))
            .env("TENSORPOOL_JOURNAL", scenario.path("journal"))
            .env("TENSORPOOL_ENGINE", scenario.cloud.url())
            .env("TENSORPOOL_KEY", KEY);
        let plugin = Plugin::start_by(command, Identity::generate()).await;
        let request = pb::get_provider_schema::Request {};
        let schemas = plugin.client().await.get_provider_schema(request).await.expect("answered").into_inner();
        Self { plugin, schemas }
    }

    /// A client whose provider is configured, and had nothing to say.
    async fn configured(scenario: &Scenario) -> Self {
        let client = Self::start(scenario).await;
        assert_eq!(client.configure().await, []);
        client
    }

    async fn configure(&self) -> Vec<pb::Diagnostic> {
        let ty = type_of(self.schemas.provider.as_ref().and_then(|schema| schema.block.as_ref()).expect("it has one"));
        let config = sent(&filled(&json!({}), &ty), &ty);
        let request = pb::configure_provider::Request { config, ..Default::default() };
        self.plugin.client().await.configure_provider(request).await.expect("answered").into_inner().diagnostics
    }

    fn ty(&self, name: &str) -> Type {
        type_of(self.schemas.resource_schemas[name].block.as_ref().expect("it has one"))
    }

    /// A configuration with these arguments.
    fn config(&self, name: &str, arguments: &Json) -> Value {
        filled(arguments, &self.ty(name))
    }

    async fn plan(&self, name: &str, config: &Value) -> (Value, Vec<u8>) {
        let ty = self.ty(name);
        let request = pb::plan_resource_change::Request {
            type_name: name.to_owned(),
            prior_state: sent(&Value::Null, &ty),
            proposed_new_state: sent(config, &ty),
            config: sent(config, &ty),
            ..Default::default()
        };
        let plan = self.plugin.client().await.plan_resource_change(request).await.expect("answered").into_inner();
        assert!(!plan.diagnostics.iter().any(is_error), "{:#?}", plan.diagnostics);
        (received(plan.planned_state, &ty), plan.planned_private)
    }

    async fn apply(&self, name: &str, prior: &Value, planned: &Value, config: &Value, private: Vec<u8>) -> Answer {
        let ty = self.ty(name);
        let request = pb::apply_resource_change::Request {
            type_name: name.to_owned(),
            prior_state: sent(prior, &ty),
            planned_state: sent(planned, &ty),
            config: sent(config, &ty),
            planned_private: private,
            ..Default::default()
        };
        let answer = self.plugin.client().await.apply_resource_change(request).await.expect("answered").into_inner();
        Answer { state: received(answer.new_state, &ty), private: answer.private, diagnostics: answer.diagnostics }
    }

    /// Creates an object as Terraform does.
    async fn create(&self, name: &str, arguments: &Json) -> Answer {
        let config = self.config(name, arguments);
        let (planned, private) = self.plan(name, &config).await;
        self.apply(name, &Value::Null, &planned, &config, private).await
    }

    /// Destroys an object, without a plan.
    async fn destroy(&self, name: &str, prior: &Value, private: Vec<u8>) -> Answer {
        self.apply(name, prior, &Value::Null, &Value::Null, private).await
    }

    async fn read(&self, name: &str, state: &Value, private: Vec<u8>) -> Answer {
        let ty = self.ty(name);
        let request = pb::read_resource::Request {
            type_name: name.to_owned(),
            current_state: sent(state, &ty),
            private,
            ..Default::default()
        };
        let answer = self.plugin.client().await.read_resource(request).await.expect("answered").into_inner();
        Answer { state: received(answer.new_state, &ty), private: answer.private, diagnostics: answer.diagnostics }
    }

    fn signal(&self, signal: Signal) {
        let pid = self.plugin.pid().and_then(|pid| Pid::from_raw(pid.try_into().expect("it is small")));
        kill_process(pid.expect("it lives"), signal).expect("it lives");
    }

    /// Ends the provider, and waits for its end.
    async fn end(mut self, signal: Signal) {
        self.signal(signal);
        self.plugin.ended_within(Duration::from_secs(5)).await;
    }
}

/// The type of what a block describes.
fn type_of(block: &pb::schema::Block) -> Type {
    use pb::schema::nested_block::NestingMode;
    let attributes = block.attributes.iter().map(|attribute| {
        let ty = match &attribute.nested_type {
            None => {
                Type::from_json(&serde_json::from_slice(&attribute.r#type).expect("it is JSON")).expect("it is a type")
            }
            Some(object) => nested(object),
        };
        (attribute.name.clone(), ty)
    });
    let blocks = block.block_types.iter().map(|nested| {
        assert_eq!(nested.nesting(), NestingMode::Single, "no block of another kind is there");
        (nested.type_name.clone(), type_of(nested.block.as_ref().expect("it has one")))
    });
    Type::object(attributes.chain(blocks))
}

fn nested(object: &pb::schema::Object) -> Type {
    use pb::schema::object::NestingMode;
    let block = pb::schema::Block { attributes: object.attributes.clone(), ..Default::default() };
    let ty = Box::new(type_of(&block));
    match object.nesting() {
        NestingMode::List => Type::List(ty),
        NestingMode::Set => Type::Set(ty),
        NestingMode::Map => Type::Map(ty),
        NestingMode::Single | NestingMode::Invalid => *ty,
    }
}

/// An object of a type with these attributes; the others are null.
fn filled(given: &Json, ty: &Type) -> Value {
    let Type::Object(attributes) = ty else { panic!("it is an object") };
    let value = |name: &Name, ty: &Type| match &given[name.as_str()] {
        Json::Null => Value::Null,
        object @ Json::Object(_) if matches!(ty, Type::Object(_)) => filled(object, ty),
        value => Value::from_json(&value.to_string(), ty).expect("it is of the type"),
    };
    Value::Map(attributes.map_ref(value))
}

fn quick() -> Options {
    Options { provision: Duration::ZERO, release: Duration::ZERO, restart: Duration::ZERO, ..Options::default() }
}

fn journal(scenario: &Scenario) -> Vec<String> {
    scenario.journal_in("journal")
}

fn train(protection: bool) -> Json {
    json!({"name": "train", "instance_type": "8xH100", "num_nodes": 2, "deletion_protection": protection})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destroy_without_a_plan_is_refused_where_a_plan_would_be() {
    let scenario = Scenario::with("apply-alone", quick());
    let client = Client::configured(&scenario).await;
    let cases = [
        (OBJECT_STORAGE, json!({}), "Object storage may not be disabled"),
        (CLUSTER, train(true), "Cluster is protected from deletion"),
        (
            VOLUME,
            json!({"name": "data", "size_gb": 10, "deletion_protection": true}),
            "Storage volume is protected from deletion",
        ),
    ];
    let mut made = Vec::new();
    for (name, arguments, summary) in cases {
        let answer = client.create(name, &arguments).await.silent();
        made.push((name, answer.state, answer.private, summary));
    }
    client.end(Signal::TERM).await;
    // Another process, which has planned nothing; with the private data of the state, and without.
    let client = Client::configured(&scenario).await;
    for (name, state, private, summary) in made {
        for private in [private, Vec::new()] {
            let answer = client.destroy(name, &state, private).await;
            answer.error(summary, &[]);
            assert_eq!(answer.state, state, "{name} stays in the state");
        }
    }
    assert_eq!(scenario.asked("DELETE"), 0);
    assert!(scenario.cloud.object_storage_keys().is_some());
    assert_eq!((scenario.cloud.clusters().len(), scenario.cloud.volumes().len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destroy_without_a_plan_does_not_take_an_attached_volume() {
    let scenario = Scenario::with("apply-alone-attached", quick());
    let client = Client::configured(&scenario).await;
    let cluster = client.create(CLUSTER, &train(false)).await.silent();
    let volume = client.create(VOLUME, &json!({"name": "data", "size_gb": 10})).await.silent();
    let pair = json!({"storage_id": volume.id(), "cluster_id": cluster.id()});
    client.create(ATTACHMENT, &pair).await;
    assert_eq!(scenario.cloud.clusters()[0].volumes, [volume.id()]);
    let answer = client.destroy(VOLUME, &volume.state, volume.private).await;
    answer.error("Cannot delete storage volume: still attached", &[&cluster.id()]);
    assert_eq!(answer.state, volume.state);
    assert_eq!((scenario.asked("DELETE"), scenario.cloud.volumes().len()), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_process_creates_it_also_destroys_unless_another_state_holds_it() {
    let scenario = Scenario::with("apply-alone-destroys", quick());
    let client = Client::configured(&scenario).await;
    let cluster = client.create(CLUSTER, &train(false)).await.silent();
    let volume = client.create(VOLUME, &json!({"name": "data", "size_gb": 10})).await.silent();
    let pair = json!({"storage_id": volume.id(), "cluster_id": cluster.id()});
    let is_attached = || !scenario.cloud.clusters()[0].volumes.is_empty();
    for round in 0..2 {
        let attachment = client.create(ATTACHMENT, &pair).await.silent();
        let storage = client.create(OBJECT_STORAGE, &json!({"allow_disable": true})).await.silent();
        // A state that this process has not created is another one's.
        for (name, state, summary) in [
            (ATTACHMENT, &attachment.state, "Storage volume stays attached"),
            (OBJECT_STORAGE, &storage.state, "Object storage stays enabled"),
        ] {
            let answer = client.destroy(name, state, Vec::new()).await;
            let summaries: Vec<_> = answer.diagnostics.iter().map(|one| one.summary.as_str()).collect();
            assert_eq!((summaries.as_slice(), answer.state.is_null()), (&[summary][..], true), "{round}");
        }
        assert!(is_attached() && scenario.cloud.object_storage_keys().is_some(), "{round}");
        for (name, made) in [(ATTACHMENT, attachment), (OBJECT_STORAGE, storage)] {
            let read = client.read(name, &made.state, made.private).await.silent();
            let answer = client.destroy(name, &read.state, read.private).await.silent();
            assert!(answer.state.is_null(), "{name} {round}");
        }
        assert!(!is_attached() && scenario.cloud.object_storage_keys().is_none(), "{round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_the_state_does_not_know_of_holds_without_a_plan_too() {
    let scenario = Scenario::with("apply-alone-locked", quick());
    let client = Client::configured(&scenario).await;
    let cluster = client.create(CLUSTER, &train(true)).await.silent();
    let Value::Map(mut attributes) = cluster.state else { panic!("it is an object") };
    for unknown_lock in [Value::Bool(false), Value::Null] {
        attributes.insert("deletion_protection".to_owned(), unknown_lock);
        let prior = Value::Map(attributes.clone());
        let answer = client.destroy(CLUSTER, &prior, cluster.private.clone()).await;
        answer.error("Cluster is protected from deletion", &["outside Terraform"]);
        assert_eq!(answer.state, prior);
    }
    assert_eq!(scenario.cloud.clusters().len(), 1);
}

/// A create whose new state the client drops, as the create ended with an error.
async fn dropped(scenario: &Scenario, arguments: &Json, summary: &str) -> String {
    let client = Client::configured(scenario).await;
    let answer = client.create(CLUSTER, arguments).await;
    answer.error(summary, &[]);
    let id = answer.id();
    client.end(Signal::TERM).await;
    let entries = journal(scenario);
    assert!(entries.len() == 1 && entries[0].contains("\"stage\":\"failed\""), "{entries:?}");
    id
}

/// Another run does not make a second one, and names the first.
async fn is_named_by_another_run(scenario: &Scenario, arguments: &Json, id: &str) {
    is_named_by(Client::start_of_another_run(scenario).await, scenario, arguments, id).await;
}

async fn is_named_by(client: Client, scenario: &Scenario, arguments: &Json, id: &str) {
    let reported = client.configure().await;
    assert!(reported.iter().any(|one| one.detail.contains(id)), "{reported:#?}");
    let answer = client.create(CLUSTER, arguments).await;
    answer.error(CREATED_ALREADY, &[id]);
    assert!(answer.state.is_null());
    assert_eq!((scenario.asked("POST /cluster/create"), scenario.cloud.clusters().len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_create_whose_state_was_dropped_is_not_repeated() {
    let named = json!({"name": "train", "instance_type": "8xH100"});
    let unnamed = json!({"instance_type": "8xH100"});
    for (test, arguments) in [("dropped-failed", named), ("dropped-failed-unnamed", unnamed)] {
        let mut options = quick();
        options.variants.fail_creates = Some("No capacity".to_owned());
        let scenario = Scenario::with(test, options);
        let id = dropped(&scenario, &arguments, "Cannot create cluster: request failed").await;
        scenario.cloud.configure(|options| options.variants.fail_creates = None);
        is_named_by_another_run(&scenario, &arguments, &id).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_ran_out_of_time_and_whose_state_was_dropped_is_not_repeated() {
    let named = json!({"name": "train", "instance_type": "8xH100", "timeouts": {"create": "2s"}});
    let unnamed = json!({"instance_type": "8xH100", "timeouts": {"create": "2s"}});
    for (test, arguments) in [("dropped-late", named), ("dropped-late-unnamed", unnamed)] {
        let scenario = Scenario::with(test, Options { provision: Duration::from_hours(1), ..quick() });
        let id = dropped(&scenario, &arguments, "Cannot create cluster: out of time").await;
        is_named_by_another_run(&scenario, &arguments, &id).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_create_whose_state_was_dropped_is_not_repeated_by_the_same_program() {
    let named = json!({"name": "train", "instance_type": "8xH100"});
    let unnamed = json!({"instance_type": "8xH100"});
    for (test, arguments) in [("dropped-same-program", named), ("dropped-same-program-unnamed", unnamed)] {
        let mut options = quick();
        options.variants.fail_creates = Some("No capacity".to_owned());
        let scenario = Scenario::with(test, options);
        let id = dropped(&scenario, &arguments, "Cannot create cluster: request failed").await;
        scenario.cloud.configure(|options| options.variants.fail_creates = None);
        is_named_by(Client::start(&scenario).await, &scenario, &arguments, &id).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_was_given_up_in_its_middle_is_not_repeated() {
    for (test, arguments) in [
        ("given-up", json!({"name": "train", "instance_type": "8xH100"})),
        ("given-up-unnamed", json!({"instance_type": "8xH100"})),
    ] {
        let scenario = Scenario::with(test, Options { provision: Duration::from_hours(1), ..quick() });
        let client = Client::configured(&scenario).await;
        let given_up = tokio::time::timeout(Duration::from_secs(2), client.create(CLUSTER, &arguments)).await;
        assert!(given_up.is_err(), "it takes an hour");
        scenario.until("the end of the call", |scenario| journal(scenario)[0].contains("returned"));
        let id = scenario.cloud.clusters()[0].id.clone();
        client.end(Signal::TERM).await;
        let client = Client::start_of_another_run(&scenario).await;
        client.configure().await;
        client.create(CLUSTER, &arguments).await.error(CREATED_ALREADY, &[&id]);
        assert_eq!((scenario.asked("POST /cluster/create"), scenario.cloud.clusters().len()), (1, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_ended_right_after_its_answer_leaves_no_killed_create() {
    let scenario = Scenario::with("ended-after-answer", quick());
    for round in 0..30 {
        let client = Client::configured(&scenario).await;
        let made = client.create(CLUSTER, &json!({"instance_type": "8xH100"})).await.silent();
        let pause = || tokio::time::sleep(Duration::from_micros(fastrand::u64(0..5_000)));
        pause().await;
        client.signal(Signal::INT);
        pause().await;
        client.end([Signal::KILL, Signal::TERM][round % 2]).await;
        let entries = journal(&scenario);
        assert!(entries.len() == 1 && entries[0].contains("\"stage\":\"returned\""), "{round}: {entries:?}");
        let client = Client::start_of_another_run(&scenario).await;
        assert_eq!(client.configure().await, [], "{round}");
        let read = client.read(CLUSTER, &made.state, made.private).await.silent();
        assert_eq!(read.state, made.state);
        assert!(journal(&scenario).is_empty(), "{round}");
    }
    assert_eq!(scenario.cloud.clusters().len(), 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_without_a_plan_loses_nothing_and_says_what_is_wrong() {
    let scenario = Scenario::with("create-without-plan", quick());
    let client = Client::configured(&scenario).await;
    for (name, arguments, create) in [
        (CLUSTER, json!({"name": "train", "instance_type": "8xH100"}), "POST /cluster/create"),
        (VOLUME, json!({"name": "data", "size_gb": 10}), "POST /storage/create"),
        (OBJECT_STORAGE, json!({}), "POST /object-storage/enable"),
    ] {
        let config = client.config(name, &arguments);
        // Neither a plan nor a configuration: nothing is made.
        for config in [&config, &Value::Null] {
            let answer = client.apply(name, &Value::Null, &Value::Null, config, Vec::new()).await;
            answer.error("Apply without a plan", &["nothing was changed", "PlanResourceChange"]);
            assert!(answer.state.is_null());
        }
        assert_eq!(scenario.asked(create), 0, "{name}");
        // The configuration in place of a plan: what it leaves out is computed, and the client hears of it.
        let answer = client.apply(name, &Value::Null, &config, &config, Vec::new()).await;
        let summaries: Vec<_> = answer.diagnostics.iter().map(|one| (is_error(one), one.summary.as_str())).collect();
        assert_eq!(summaries, [(false, "Apply without a plan")], "{:#?}", answer.diagnostics);
        assert_eq!(scenario.asked(create), 1, "{name}");
        let read = client.read(name, &answer.state, answer.private).await.silent();
        let id = if name == OBJECT_STORAGE { "org_id" } else { "id" };
        assert_eq!(read.state.get(id), answer.state.get(id), "what was made is in the answer");
    }
}
