//! What the kernel knows of a process.

/// A reading of `/proc/PID/status`.
pub struct Status {
    /// The most memory that was resident at once, in bytes.
    pub peak: u64,
    /// The memory that is resident now, in bytes.
    pub resident: u64,
    /// The number of threads.
    pub threads: u64,
}

impl Status {
    /// Of a process of this number.
    pub fn of(pid: u32) -> Self {
        let text = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the process is there, on Linux");
        let number = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default()
        };
        Self { peak: number("VmHWM") << 10, resident: number("VmRSS") << 10, threads: number("Threads") }
    }

    /// Of this very process, whose peak is reset.
    pub fn reset() -> Self {
        // 5 stands for the peak of the resident memory.
        _ = std::fs::write("/proc/self/clear_refs", "5");
        Self::of(std::process::id())
    }
}
