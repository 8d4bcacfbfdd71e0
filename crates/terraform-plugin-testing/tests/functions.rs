//! Calls of functions, which need no configured provider.

use std::path::Path;
use std::time::Duration;

use terraform_plugin::value::Type;
use terraform_plugin_testing::proto::tfplugin6 as pb;
use terraform_plugin_testing::{Plugin, received, sent};

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-sample");

#[tokio::test]
async fn a_function_is_called() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let functions = client.get_functions(pb::get_functions::Request {}).await.expect("answered").into_inner().functions;
    assert_eq!(functions["shout"].r#return.as_ref().map(|one| one.r#type.as_slice()), Some(&b"\"string\""[..]));
    let word = |text: &str| sent(&text.into(), &Type::String).expect("it is a value");
    let call = |words: Vec<pb::DynamicValue>| pb::call_function::Request { name: "shout".to_owned(), arguments: words };
    let answer = client.call_function(call(vec![word("hey"), word("you")])).await.expect("answered").into_inner();
    assert_eq!(received(answer.result, &Type::String), "HEY YOU".into());
    let answer = client.call_function(call(vec![word("hey"), word("")])).await.expect("answered").into_inner();
    let error = answer.error.expect("it fails");
    assert_eq!((error.text.as_str(), error.function_argument), ("There is nothing to shout", Some(1)));
    let broken = pb::DynamicValue { msgpack: vec![0xc1], json: Vec::new() };
    let answer = client.call_function(call(vec![word("hey"), broken])).await.expect("answered").into_inner();
    assert_eq!(answer.error.expect("it fails").function_argument, Some(1));
}

/// A call that returns once there were as many.
fn meeting(calls: u64) -> pb::call_function::Request {
    let calls = sent(&calls.into(), &Type::Number).expect("it is a value");
    pb::call_function::Request { name: "meet".to_owned(), arguments: vec![calls] }
}

#[tokio::test]
async fn many_calls_of_a_function_run_at_once() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let client = plugin.client().await;
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let mut client = client.clone();
            tokio::spawn(async move { client.call_function(meeting(50)).await })
        })
        .collect();
    for call in calls {
        let answer = tokio::time::timeout(Duration::from_secs(30), call).await.expect("all of them run");
        let answer = answer.expect("it ends").expect("answered").into_inner();
        assert_eq!(received(answer.result, &Type::Number), 50.into());
    }
}

#[tokio::test]
async fn a_stop_ends_a_call_of_a_function() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let mut other = client.clone();
    let waiting = tokio::spawn(async move { other.call_function(meeting(2)).await });
    // A stop is for what runs, so it is asked for until the call has begun.
    while !waiting.is_finished() {
        client.stop_provider(pb::stop_provider::Request {}).await.expect("answered");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let answer = waiting.await.expect("it ends").expect("answered").into_inner();
    let error = answer.error.expect("it was stopped");
    assert_eq!(error.text, "The call was stopped before its end, as Terraform was interrupted");
    // It serves on.
    let answer = client.call_function(meeting(1)).await.expect("answered").into_inner();
    assert_eq!(received(answer.result, &Type::Number), 1.into());
}
