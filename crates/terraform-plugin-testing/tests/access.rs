//! Access: only the client whose certificate the provider was started with is let in.

use std::path::Path;
use std::process::{Command, Stdio};

use terraform_plugin_testing::{Handshake, Identity, Plugin};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-sample");

#[tokio::test]
async fn only_the_client_with_the_right_key_is_answered() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let own = plugin.identity();
    assert!(plugin.is_served(Some(own)).await);
    for stranger in [Some(Identity::generate()), Some(Identity::expired()), None] {
        assert!(!plugin.is_served(stranger.as_ref()).await);
    }
    // Whoever failed did not spoil it for the right one.
    assert!(plugin.is_served(Some(own)).await);
}

#[tokio::test]
async fn a_certificate_that_has_expired_is_not_enough_even_for_its_owner() {
    let plugin = Plugin::start_for(Path::new(PROGRAM), Identity::expired()).await;
    assert!(!plugin.is_served(Some(plugin.identity())).await);
}

#[tokio::test]
async fn plain_text_is_not_answered() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    for greeting in [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"[..], b"GET / HTTP/1.1\r\n\r\n", b"\0"] {
        let mut stream = plugin.handshake.address.connect().await.expect("it listens");
        stream.write_all(greeting).await.expect("it is read");
        stream.shutdown().await.expect("the other side is there");
        let mut answer = Vec::new();
        _ = stream.read_to_end(&mut answer).await;
        // A TLS alert, if anything: content type 21.
        assert!(answer.is_empty() || answer[0] == 21, "{answer:?}");
    }
    assert!(plugin.is_served(Some(plugin.identity())).await);
}

#[tokio::test]
async fn one_that_only_connects_holds_up_no_other() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(plugin.handshake.address.connect().await.expect("it listens"));
    }
    assert!(plugin.is_served(Some(plugin.identity())).await);
}

#[test]
fn a_provider_without_a_client_ends_by_itself_and_says_why() {
    let command = |argument: &str| {
        let mut command = Command::new(PROGRAM);
        let cookie = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
        command.arg(argument).env("TF_PLUGIN_MAGIC_COOKIE", cookie).env("PLUGIN_PROTOCOL_VERSIONS", "6");
        command.stdin(Stdio::null());
        command
    };
    let output = command("--connect-limit-ms=100").output().expect("the provider can be started");
    let (said, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("no client connected within 100ms after the handshake, so the provider ends"), "{error}");
    let handshake = Handshake::parse(said.trim_end()).expect("the line is a handshake");
    assert!(!handshake.address.file().expect("it is a unix socket").exists());
}
