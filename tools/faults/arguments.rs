//! The command line of the harness.

use clap::Parser;

/// Tries the provider by faults.
#[derive(Parser)]
pub struct Arguments {
    /// The source of all randomness.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Only so many cases, chosen by the seed.
    #[arg(long)]
    pub slice: Option<usize>,
    /// Only cases whose description contains each of these words, for example `Create POST kill`.
    #[arg(long, default_value = "")]
    pub only: String,
    /// How many cases run at once. They mostly wait.
    #[arg(long, default_value_t = 24)]
    pub jobs: usize,
    /// Instead of the cases: so many kills at random moments.
    #[arg(long)]
    pub kills: Option<usize>,
    /// Instead of the cases: so many clusters under a rate limit.
    #[arg(long)]
    pub load: Option<usize>,
    /// With `--load`: how many seconds the create and the destroy of a cluster take.
    #[arg(long, default_value_t = 2)]
    pub takes: u64,
    /// Instead of the cases: every operation in every strange world.
    #[arg(long)]
    pub worlds: bool,
}
