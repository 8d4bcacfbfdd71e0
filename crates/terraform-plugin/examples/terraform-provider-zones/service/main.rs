//! The program `zones-service`, for trying the provider by hand: `cargo run --example zones-service`.

// With the path, the modules of the file stand beside it, as they do for the tests.
#[path = "service.rs"]
mod service;

use std::net::{Ipv4Addr, SocketAddr};

use clap::Parser;
use service::{Options, Service};

/// The service that the provider of the template manages. It forgets everything when it ends.
#[derive(Parser)]
struct Arguments {
    /// The port on this machine; 0 chooses a free one.
    #[arg(long, default_value_t = 8053)]
    port: u16,
    /// The token.
    #[arg(long, default_value = "secret-token")]
    token: String,
    /// Answer every request of this number with 429 at first.
    #[arg(long, default_value_t = 0)]
    busy_every: usize,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let Arguments { port, token, busy_every } = Arguments::parse();
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let service = Service::start(Options { listen, token: token.clone(), busy_every }).await?;
    println!("export ZONES_ENDPOINT={}\nexport ZONES_TOKEN={token}", service.url());
    tokio::signal::ctrl_c().await?;
    println!("It answered {} requests.", service.requests().len());
    Ok(())
}
