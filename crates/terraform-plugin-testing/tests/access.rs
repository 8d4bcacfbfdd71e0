//! Who is let in: the client whose certificate the provider was started with, and nobody else.

use std::path::Path;

use terraform_plugin_testing::{Identity, Plugin};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-sample");

async fn is_served(plugin: &Plugin, identity: Option<&Identity>) -> bool {
    // In TLS 1.3 the client believes itself let in before the server has looked: only an answer counts.
    let Ok(channel) = plugin.channel_as(identity).await else { return false };
    let request = HealthCheckRequest { service: "plugin".to_owned() };
    HealthClient::new(channel).check(request).await.is_ok_and(|answer| answer.into_inner().status == 1)
}

#[tokio::test]
async fn only_the_client_with_the_right_key_is_answered() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let own = plugin.identity();
    assert!(is_served(&plugin, Some(own)).await);
    for stranger in [Some(Identity::generate()), Some(Identity::expired()), None] {
        assert!(!is_served(&plugin, stranger.as_ref()).await);
    }
    // Whoever failed did not spoil it for the right one.
    assert!(is_served(&plugin, Some(own)).await);
}

#[tokio::test]
async fn a_certificate_that_has_expired_is_not_enough_even_for_its_owner() {
    let plugin = Plugin::start_for(Path::new(PROGRAM), Identity::expired()).await;
    assert!(!is_served(&plugin, Some(plugin.identity())).await);
}

#[tokio::test]
async fn plain_text_is_not_answered() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    for greeting in [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"[..], b"GET / HTTP/1.1\r\n\r\n", b"\0"] {
        let mut stream = UnixStream::connect(&plugin.handshake.socket).await.expect("it listens");
        stream.write_all(greeting).await.expect("it is read");
        stream.shutdown().await.expect("the other side is there");
        let mut answer = Vec::new();
        _ = stream.read_to_end(&mut answer).await;
        // A TLS alert, if anything: content type 21.
        assert!(answer.is_empty() || answer[0] == 21, "{answer:?}");
    }
    assert!(is_served(&plugin, Some(plugin.identity())).await);
}

#[tokio::test]
async fn one_that_only_knocks_holds_up_nobody() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(UnixStream::connect(&plugin.handshake.socket).await.expect("it listens"));
    }
    assert!(is_served(&plugin, Some(plugin.identity())).await);
}
