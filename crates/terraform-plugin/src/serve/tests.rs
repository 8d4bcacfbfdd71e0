//! A server and its clients.

use super::*;

#[tokio::test(start_paused = true)]
async fn the_first_client_has_a_limit_and_turns_it_off() {
    let limit = Duration::from_mins(1);
    let begin = tokio::time::Instant::now();
    let error = without_client(Some(limit), &CancellationToken::new()).await;
    assert_eq!(begin.elapsed(), limit);
    assert_eq!(error.to_string(), "no client connected within 60s after the handshake, so the provider ends");
    let connected = CancellationToken::new();
    let waiting = without_client(Some(limit), &connected);
    let connecting = async {
        tokio::time::sleep(limit / 2).await;
        connected.cancel();
        tokio::time::sleep(limit * 100).await;
    };
    tokio::select! {
        error = waiting => panic!("{error}"),
        () = connecting => {}
    }
    let no_client = CancellationToken::new();
    assert!(tokio::time::timeout(limit * 100, without_client(None, &no_client)).await.is_err());
}

#[test]
fn a_provider_serves_as_its_options_say() {
    let options = ServeOptions::new("example/example");
    assert_eq!((options.address.as_str(), options.debug), ("example/example", false));
    assert_eq!(options.connect_limit, Duration::from_mins(1));
    let options = options.debug(true).connect_limit(Duration::from_secs(5));
    assert_eq!((options.address.as_str(), options.debug), ("example/example", true));
    assert_eq!(options.connect_limit, Duration::from_secs(5));
}

/// Only unix has such sockets.
#[cfg(unix)]
mod unix {
    use prost::Message as _;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::UnixStream;
    use tokio::sync::oneshot;

    use super::*;
    use crate::testing::books::Books;
    use crate::wire::generated::tfplugin6 as pb;

    fn served() -> Served<Books> {
        Served::new(Books, CancellationToken::new())
    }

    /// The types of frames in HTTP/2 (RFC 9113).
    const DATA: u8 = 0;
    const HEADERS: u8 = 1;
    const SETTINGS: u8 = 4;
    const END_STREAM: u8 = 1;
    const END_HEADERS: u8 = 4;

    fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
        let length = u8::try_from(payload.len()).expect("it is short");
        [&[0, 0, length, kind, flags, 0, 0, 0, stream], payload].concat()
    }

    /// Calls a unary method without a body, and returns the message that it answers; `None` if there is none.
    async fn call(place: &str, method: &str) -> Option<Vec<u8>> {
        let mut socket = UnixStream::connect(place).await.expect("it listens");
        let headers = [
            (":method", "POST"),
            (":scheme", "http"),
            (":path", method),
            (":authority", "localhost"),
            ("content-type", "application/grpc"),
            ("te", "trailers"),
        ];
        let text = |text: &str| [&[u8::try_from(text.len()).expect("it is short")], text.as_bytes()].concat();
        let header = |(name, value): (&str, &str)| [vec![0], text(name), text(value)].concat();
        let headers: Vec<u8> = headers.into_iter().flat_map(header).collect();
        let request = [
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            frame(SETTINGS, 0, 0, &[]),
            frame(HEADERS, END_HEADERS, 1, &headers),
            // A message that is not compressed and empty.
            frame(DATA, END_STREAM, 1, &[0; 5]),
        ];
        socket.write_all(&request.concat()).await.expect("it is sent");
        let mut message = Vec::new();
        loop {
            let mut head = [0; 9];
            socket.read_exact(&mut head).await.expect("it answers");
            let [a, b, c, kind, flags, ..] = head;
            let mut payload = vec![0; usize::try_from(u32::from_be_bytes([0, a, b, c])).expect("it is short")];
            socket.read_exact(&mut payload).await.expect("it answers");
            match kind {
                DATA => message.extend(payload),
                HEADERS if flags & END_STREAM != 0 => return message.get(5..).map(<[u8]>::to_vec),
                _ => {}
            }
        }
    }

    #[tokio::test]
    async fn a_client_is_answered_until_the_end() {
        let (shutdown, (announce, announced)) = (CancellationToken::new(), oneshot::channel());
        let announce = |address: &Address| {
            announce.send(address.clone()).expect("somebody waits");
            Ok(())
        };
        let clients = Clients { tls: None, connect_limit: None };
        let client = async {
            let place = announced.await.expect("it is announced").place;
            let metadata = call(&place, "/tfplugin6.Provider/GetMetadata").await.expect("it is answered");
            let metadata = pb::get_metadata::Response::decode(&*metadata).expect("it is a message");
            assert_eq!(metadata.resources[0].type_name, "books_book");
            assert!(call(&place, "/tfplugin6.Provider/Whatever").await.is_none());
            // go-plugin asks so whether the plugin lives.
            assert!(call(&place, "/plugin.GRPCController/Shutdown").await.is_some());
            place
        };
        let environment = Environment::default();
        let answering = answer(served(), &environment, clients, announce, shutdown.clone());
        let (ended, place) = tokio::time::timeout(Duration::from_secs(20), async { tokio::join!(answering, client) })
            .await
            .expect("both end");
        ended.expect("it is asked to end");
        assert!(shutdown.is_cancelled() && !std::path::Path::new(&place).exists());
    }

    #[tokio::test]
    async fn a_server_to_which_nobody_comes_ends_and_says_so() {
        let clients = Clients { tls: None, connect_limit: Some(Duration::from_millis(20)) };
        let environment = Environment::default();
        let ended = answer(served(), &environment, clients, |_| Ok(()), CancellationToken::new()).await;
        assert!(matches!(ended, Err(ServeError::NoClient(_))), "{ended:?}");
    }
}
