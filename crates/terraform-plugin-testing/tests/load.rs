//! Large messages, and many calls at once with a stop in their middle.

mod sample;

use std::path::Path;
use std::time::{Duration, Instant};

use terraform_plugin::value::{Type, Value};
use terraform_plugin_testing::proto::tfplugin6 as pb;
use terraform_plugin_testing::{Plugin, sent};

use sample::{PROGRAM, configured};

#[tokio::test]
async fn a_message_of_200_mib_passes_both_ways() {
    const SIZE: usize = 200 << 20;
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let ty = Type::object([("text", Type::String), ("length", Type::Number)]);
    // Written by hand, as a text of this size takes its time to be looked at.
    let head = [&b"\x82\xa6length\xc0\xa4text\xdb"[..], &u32::try_from(SIZE).expect("it fits").to_be_bytes()].concat();
    let msgpack = [head, vec![b'x'; SIZE]].concat();
    let request = pb::read_data_source::Request {
        type_name: "sample_echo".to_owned(),
        config: Some(pb::DynamicValue { msgpack, json: Vec::new() }),
        ..Default::default()
    };
    let answer = client.read_data_source(request).await.expect("answered").into_inner();
    assert!(answer.diagnostics.is_empty(), "{:?}", answer.diagnostics);
    let state = answer.state.expect("there is one").msgpack;
    assert!(state.len() > SIZE);
    let value = Value::from_msgpack(&state, &ty).expect("it is of the type");
    assert_eq!(value.get("length"), Some(&Value::from(i64::try_from(SIZE).expect("it fits"))));
}

#[tokio::test]
async fn a_stop_ends_64_calls_and_the_provider_goes_on() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let ty = Type::object([
        ("id", Type::String),
        ("text", Type::String),
        ("delay_ms", Type::Number),
        ("tags", Type::List(Box::new(Type::String))),
    ]);
    let apply = |delay: i64| {
        let note =
            |id| Value::object([("id", id), ("text", "x".into()), ("delay_ms", delay.into()), ("tags", Value::Null)]);
        pb::apply_resource_change::Request {
            type_name: "sample_note".to_owned(),
            prior_state: sent(&Value::Null, &ty),
            planned_state: sent(&note(Value::unknown()), &ty),
            config: sent(&note(Value::Null), &ty),
            ..Default::default()
        }
    };
    let calls: Vec<_> = (0..64)
        .map(|_| {
            let (mut client, request) = (client.clone(), apply(600_000));
            tokio::spawn(async move { client.apply_resource_change(request).await })
        })
        .collect();
    // Another call is answered although all of them run.
    tokio::time::sleep(Duration::from_millis(500)).await;
    client.get_metadata(pb::get_metadata::Request {}).await.expect("answered");
    assert!(calls.iter().all(|call| !call.is_finished()));

    let begin = Instant::now();
    let stopped = client.stop_provider(pb::stop_provider::Request {}).await.expect("answered").into_inner();
    assert!(stopped.error.is_empty());
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    for call in calls {
        let answer = call.await.expect("no panic").expect("answered").into_inner();
        assert_eq!(answer.diagnostics[0].summary, "Stopped");
        // What they had saved is not lost.
        let state = Value::from_msgpack(&answer.new_state.expect("there is one").msgpack, &ty).expect("it is a note");
        assert_eq!(state.get("id"), Some(&Value::from("n-1")));
    }
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());

    let later = client.apply_resource_change(apply(1)).await.expect("answered").into_inner();
    assert!(later.diagnostics.is_empty(), "a call after the stop is not stopped: {:?}", later.diagnostics);
}
