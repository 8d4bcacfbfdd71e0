//! The provider processes that Terraform has started, for tests that send them signals.

use std::fs;
use std::path::Path;

use rustix::process::Pid;

/// The providers that run in a directory, with links resolved. Terraform starts a provider in its own working directory. They
/// are found in `/proc`, so elsewhere than on Linux there are none.
#[must_use]
pub fn providers_in(directory: &Path) -> Vec<Pid> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let pid = |process: fs::DirEntry| {
        let pid = process.file_name().to_str()?.parse().ok()?;
        let program = fs::read_link(process.path().join("exe")).ok()?;
        let is_provider = program.file_name()?.to_str()?.starts_with("terraform-provider-");
        (is_provider && fs::read_link(process.path().join("cwd")).ok()? == directory).then(|| Pid::from_raw(pid))?
    };
    processes.filter_map(Result::ok).filter_map(pid).collect()
}
