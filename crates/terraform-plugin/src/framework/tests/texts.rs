//! An API that answers with its own spelling of every text that it is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use async_trait::async_trait;

use super::{call, nothing, stored};
use crate::diagnostic::Diagnostics;
use crate::framework::{AnyResource, ApplyInput, PlanInput, PlanOutput, ResourceServer};
use crate::model::{Attr, Given, Model};
use crate::operation::Operation;
use crate::resource::Resource;
use crate::schema::{Attribute, IdentitySchema, Nesting, Schema};
use crate::text::{Cidr, Json, Text, TextType};
use crate::value::{Type, Value};

#[derive(Clone, Model)]
struct Rule {
    network: Attr<Text<Cidr>>,
    port: Attr<u16>,
    id: Attr<String>,
}

#[derive(Clone, Model)]
struct Gateway {
    id: Attr<String>,
    address: Attr<Text<IpAddr>>,
    policy: Attr<Text<Json>>,
    hosts: Attr<Vec<Given<Text<IpAddr>>>>,
    networks: Attr<BTreeSet<Given<Text<Cidr>>>>,
    names: Attr<BTreeMap<String, Given<Text<IpAddr>>>>,
    rules: Attr<BTreeSet<Given<RuleAsValue>>>,
}

/// A rule that can stand in a set.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct RuleAsValue(Value);

impl Model for RuleAsValue {
    fn from_value(value: Value) -> Result<Self, crate::model::ModelError> {
        Ok(Self(value))
    }

    fn into_value(self) -> Value {
        self.0
    }

    fn shape() -> crate::model::Shape {
        Rule::shape()
    }
}

struct Respells;

fn respelled<T: TextType>(text: &Text<T>) -> Text<T> {
    T::canonical(text.as_str()).and_then(|text| text.parse().ok()).expect("it is a text of its type")
}

fn attr<T: TextType>(text: &Attr<Text<T>>) -> Attr<Text<T>> {
    text.known().map(respelled).into()
}

fn given<T: TextType>(text: &Given<Text<T>>) -> Text<T> {
    text.known().map(respelled).expect("all is known by now")
}

/// What the API answers.
fn answer(gateway: &Gateway) -> Gateway {
    let rule = |rule: &RuleAsValue| {
        let rule = Rule::from_value(rule.0.clone()).expect("it is a rule");
        let network = attr(&rule.network);
        let id = network.known().map(|network| format!("rule of {network}")).into();
        RuleAsValue(Rule { network, id, ..rule }.into_value())
    };
    Gateway {
        id: "g-1".into(),
        address: attr(&gateway.address),
        policy: attr(&gateway.policy),
        hosts: gateway.hosts.known().into_iter().flatten().map(given).collect(),
        networks: gateway.networks.known().into_iter().flatten().map(given).collect(),
        names: gateway.names.known().into_iter().flatten().map(|(name, host)| (name.clone(), given(host))).collect(),
        rules: gateway.rules.known_elements().map(rule).collect(),
    }
}

#[async_trait]
impl Resource for Respells {
    type Session = ();
    type Model = Gateway;

    fn type_name(&self) -> &'static str {
        "t_gateway"
    }

    fn schema(&self) -> Schema {
        let rule = [
            ("network", Attribute::text::<Cidr>("Network.").required()),
            ("port", Attribute::integer("Port.").required()),
            ("id", Attribute::string("Id.").computed()),
        ];
        Schema::new("A gateway.")
            .identity(IdentitySchema::of("id", "The id."))
            .attribute("id", Attribute::string("Id.").computed().use_state_for_unknown())
            .attribute("address", Attribute::text::<IpAddr>("Address.").required().requires_replace())
            .attribute("policy", Attribute::text::<Json>("Policy.").optional())
            .attribute("hosts", Attribute::list(Type::String, "Hosts.").optional().text_type::<IpAddr>())
            .attribute("networks", Attribute::set(Type::String, "Networks.").optional().text_type::<Cidr>())
            .attribute("names", Attribute::map(Type::String, "Names.").optional().text_type::<IpAddr>())
            .attribute("rules", Attribute::nested(Nesting::Set, rule, "Rules.").optional())
    }

    async fn create(&self, operation: &mut Operation<(), Gateway>, planned: Gateway) -> Result<(), Diagnostics> {
        operation.save(answer(&planned));
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<(), Gateway>, state: Gateway) -> Result<(), Diagnostics> {
        operation.save(answer(&state));
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<(), Gateway>,
        _: Gateway,
        planned: Gateway,
    ) -> Result<(), Diagnostics> {
        operation.save(answer(&planned));
        Ok(())
    }

    async fn delete(&self, _: &mut Operation<(), Gateway>, _: Gateway) -> Result<(), Diagnostics> {
        Ok(())
    }
}

fn rule(network: &str, id: Value) -> Value {
    Value::object([("network", network.into()), ("port", 22.into()), ("id", id)])
}

/// A gateway in one spelling or in another one.
fn gateway(spelling: usize, id: &str, networks: &[&str]) -> Value {
    let one = |spellings: [&str; 2]| Value::from(spellings[spelling]);
    let id = |known: &str| if id.is_empty() { Value::Null } else { known.into() };
    // As the API spells them, they stand in another order in the set.
    let rules = [(["FE80::/10", "fe80:0::/10"], "fe80::/10"), (["fd00:0::/8", "FD00::/8"], "fd00::/8")];
    let rules = rules.map(|(spellings, canonical)| rule(spellings[spelling], id(&format!("rule of {canonical}"))));
    Value::object([
        ("id", id("g-1")),
        ("address", one(["2001:DB8::1", "2001:db8:0::1"])),
        ("policy", one(["{\"b\": 1.0, \"a\": 2}", "{\"a\":2,\"b\":1e0}"])),
        ("hosts", Value::List(vec![one(["0::1", "0:0::1"]), one(["0::2", "0:0::2"])])),
        ("networks", Value::set(networks.iter().map(|network| Value::from(*network)))),
        ("names", Value::object([("a", one(["0::1", "0:0::1"]))])),
        ("rules", Value::set(rules)),
    ])
}

async fn planned(prior: &Value, proposed: Value, config: &Value) -> PlanOutput {
    let prior = if prior.is_null() { nothing() } else { stored(prior.clone()) };
    let input = PlanInput { prior, proposed, config: config.clone(), earlier_private: None };
    ResourceServer::new(Respells).plan(call(false), input).await
}

async fn applied(prior: &Value, planned: Value, config: &Value) -> Value {
    let prior = if prior.is_null() { nothing() } else { stored(prior.clone()) };
    let input = ApplyInput { prior, planned, config: config.clone() };
    let outcome = ResourceServer::new(Respells).apply(call(false), input).await;
    assert_eq!(outcome.diagnostics, Diagnostics::new());
    outcome.state
}

const NETWORKS: [&str; 2] = ["FC00::/7", "2001:DB8::/32"];

#[tokio::test]
async fn a_state_has_the_spelling_of_the_configuration() {
    let server = ResourceServer::new(Respells);
    let mut mistakes = Vec::new();
    server.check(&mut mistakes);
    assert_eq!(mistakes, []);
    let config = gateway(0, "", &NETWORKS);
    assert_eq!(server.validate(config.clone(), true, false).await, Diagnostics::new());
    let plan = planned(&Value::Null, config.clone(), &config).await;
    assert_eq!(plan.diagnostics, Diagnostics::new());
    let created = applied(&Value::Null, plan.planned, &config).await;
    assert_eq!(created, gateway(0, "g-1", &NETWORKS));
    let read = server.read(call(false), stored(created.clone())).await;
    assert_eq!((read.state, read.diagnostics), (created, Diagnostics::new()));
}

#[tokio::test]
async fn another_spelling_in_the_configuration_is_no_change() {
    let prior = gateway(0, "g-1", &NETWORKS);
    let config = gateway(1, "", &["fc00:0::/7", "2001:db8:0::/32"]);
    let proposed = gateway(1, "g-1", &["fc00:0::/7", "2001:db8:0::/32"]);
    let plan = planned(&prior, proposed, &config).await;
    assert_eq!((plan.planned, plan.requires_replace), (prior, vec![]));
    assert_eq!(plan.diagnostics, Diagnostics::new());
}

#[tokio::test]
async fn a_change_has_the_spelling_of_the_new_configuration() {
    let prior = gateway(0, "g-1", &NETWORKS);
    let networks = ["fc00:0::/7", "2001:db8:1::/48"];
    let (config, proposed) = (gateway(0, "", &networks), gateway(0, "g-1", &networks));
    let plan = planned(&prior, proposed, &config).await;
    assert_eq!(plan.diagnostics, Diagnostics::new());
    let expected = Value::set(networks.map(Value::from));
    assert_eq!(plan.planned.get("networks"), Some(&expected), "Terraform refuses a mixture of old and new");
    let updated = applied(&prior, plan.planned, &config).await;
    assert_eq!(updated, gateway(0, "g-1", &networks));
}
