//! Measures the memory that the client needs for the responses of a hostile API: `cargo run -p tensorpool --example memory`.
//!
//! This process is the API. For each cell of the table it starts itself as a child process, in which one client lists the
//! clusters 1, 5 or 20 times concurrently. The child reports its peak memory (`VmHWM` of `/proc/self/status`, so this runs on
//! Linux only), and how many of the responses the client accepted.

use std::error::Error;
use std::fs;
use std::process::Command;
use std::time::Duration;

use bytes::Bytes;
use tensorpool::{Client, Config, Scope, Secret};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const SIZES_MIB: [usize; 2] = [2, 20];
const PARALLEL: [usize; 3] = [1, 5, 20];

/// The shapes of responses: the name, the beginning, what is repeated until the response is long enough, and the end.
const SHAPES: [(&str, &str, &str, &str); 8] = [
    ("unknown field: deep arrays", r#"{"clusters":[],"x":["#, DEEP, "0]}"),
    ("unknown field: small objects", r#"{"clusters":[],"x":["#, r#"{"a":1},"#, "0]}"),
    ("unknown field: a long text", r#"{"clusters":[],"x":""#, "a", r#""}"#),
    ("clusters: deep arrays", r#"{"clusters":["#, DEEP, "0]}"),
    ("clusters: small objects", r#"{"clusters":["#, r#"{"id":1},"#, r#"{"id":1}]}"#),
    ("clusters: numbers", r#"{"clusters":["#, "0,", "0]}"),
    ("clusters: clusters without nodes", r#"{"clusters":["#, CLUSTER, r#"{"id":1}]}"#),
    ("message: a long text", r#"{"clusters":[],"message":""#, "a", r#""}"#),
];

const DEEP: &str = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],";
const CLUSTER: &str = r#"{"id":"c-0123456789","name":"train-0123456789","instance_type":"8xH100","num_nodes":1,"status":"RUNNING",
"deletion_protection":false,"instances":[],"created_at":"2026-01-01T00:00:00Z","region":"somewhere","price":"12.50"},"#;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => runtime.block_on(table()),
        [url, parallel] => runtime.block_on(list(url, parallel.parse()?)),
        _ => Err("this takes no arguments".into()),
    }
}

/// Prints the table: a row for each shape and size, a column for each number of concurrent requests.
async fn table() -> Result<(), Box<dyn Error>> {
    let program = std::env::current_exe()?;
    println!("| response | MiB | 1 at once | 5 at once | 20 at once | accepted of 1, 5, 20 |");
    println!("|---|---|---|---|---|---|");
    for (name, begin, middle, end) in SHAPES {
        for size in SIZES_MIB {
            let times = ((size << 20) - begin.len() - end.len()) / middle.len();
            let url = serve(Bytes::from([begin, &middle.repeat(times), end].concat())).await?;
            let (mut peaks, mut accepted) = (Vec::new(), Vec::new());
            for parallel in PARALLEL {
                let mut child = Command::new(&program);
                child.args([&url, &parallel.to_string()]);
                let output = tokio::task::spawn_blocking(move || child.output()).await??;
                let output = String::from_utf8(output.stdout)?;
                let (peak, count) = output.trim().split_once(' ').ok_or("the child reported nothing")?;
                peaks.push(format!("{peak} MiB"));
                accepted.push(count.to_owned());
            }
            println!("| {name} | {size} | {} | {} |", peaks.join(" | "), accepted.join(", "));
        }
    }
    Ok(())
}

/// Serves one response to all requests, and returns the URL.
async fn serve(response: Bytes) -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(respond(connection, response.clone()));
        }
    });
    Ok(url)
}

/// Responds to one request. The error of a client that closes the connection early is ignored by the caller.
async fn respond(mut connection: TcpStream, response: Bytes) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") && connection.read_buf(&mut request).await? > 0 {}
    // Without a content length the client cannot know in advance that the response is too long.
    connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n").await?;
    connection.write_all(&response).await?;
    connection.shutdown().await
}

/// The child process: lists the clusters concurrently, and prints its peak memory in MiB and the number of accepted responses.
async fn list(url: &str, parallel: usize) -> Result<(), Box<dyn Error>> {
    let config = Config::new(Secret::new("measured"), url)?.max_retries(0).request_timeout(Duration::from_mins(5));
    let client = Client::new(config)?;
    let mut lists = JoinSet::new();
    for _ in 0..parallel {
        let api = client.scoped(Scope::detached(Duration::from_mins(5)));
        lists.spawn(async move { api.clusters().list(false).await.is_ok() });
    }
    let accepted = lists.join_all().await.into_iter().filter(|accepted| *accepted).count();
    println!("{} {accepted}", peak_mib()?);
    Ok(())
}

fn peak_mib() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("/proc/self/status has no VmHWM")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? / 1024)
}
