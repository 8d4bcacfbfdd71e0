//! The provider processes that Terraform has started, for tests that send them signals, and what the kernel knows of a process.

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

/// The most memory that one of the providers in a directory has had at once so far, in bytes. 0 where none runs.
#[must_use]
pub fn peak_memory_of_providers(directory: &Path) -> u64 {
    let peak = |pid: Pid| ProcessStatus::of(pid.as_raw_nonzero().get().unsigned_abs()).map(|status| status.peak);
    providers_in(directory).into_iter().filter_map(peak).max().unwrap_or_default()
}

/// A reading of `/proc/PID/status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessStatus {
    /// The most memory that was resident at once, in bytes.
    pub peak: u64,
    /// The memory that is resident now, in bytes.
    pub resident: u64,
    /// The number of threads.
    pub threads: u64,
}

impl ProcessStatus {
    /// Of a process of this number. `None` if there is none any more, and elsewhere than on Linux.
    #[must_use]
    pub fn of(pid: u32) -> Option<Self> {
        fs::read_to_string(format!("/proc/{pid}/status")).ok().map(|text| Self::read(&text))
    }

    fn read(text: &str) -> Self {
        let number = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default()
        };
        Self { peak: number("VmHWM") << 10, resident: number("VmRSS") << 10, threads: number("Threads") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_bytes() {
        let text = "Name:\tx\nVmHWM:\t    8628 kB\nVmRSS:\t    7000 kB\nThreads:\t3\n";
        let expected = ProcessStatus { peak: 8628 << 10, resident: 7000 << 10, threads: 3 };
        assert_eq!(ProcessStatus::read(text), expected);
        assert_eq!(ProcessStatus::read(""), ProcessStatus { peak: 0, resident: 0, threads: 0 });
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_is_known_and_one_that_there_cannot_be_is_not() {
        let status = ProcessStatus::of(std::process::id()).expect("it runs");
        assert!(status.peak >= status.resident && status.resident > 0 && status.threads > 0, "{status:?}");
        assert_eq!(ProcessStatus::of(u32::MAX), None);
    }
}
