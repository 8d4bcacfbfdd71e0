//! What the kernel knows of a process.

use std::time::Duration;

use terraform_plugin_testing::ProcessStatus;

/// The kernel counts the time of a processor in this unit, whatever its own clock does.
const TICK: Duration = Duration::from_millis(10);

/// What the kernel knows of this very process.
pub fn own() -> ProcessStatus {
    ProcessStatus::of(std::process::id()).expect("this process is there, on Linux")
}

/// The same, with the peak of its memory reset.
pub fn reset() -> ProcessStatus {
    // 5 stands for the peak of the resident memory.
    _ = std::fs::write("/proc/self/clear_refs", "5");
    own()
}

/// The time that processors have spent on a process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProcessorTime {
    /// On the process itself.
    pub own: Duration,
    /// On the children that it has waited for, and on theirs.
    pub children: Duration,
}

impl ProcessorTime {
    /// Of a process of this number, also of one that has ended and was not waited for. Nothing if there is none.
    pub fn of(pid: u32) -> Self {
        let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        Self::parse(&text).unwrap_or_default()
    }

    fn parse(stat: &str) -> Option<Self> {
        // The name of the program is in parentheses, and may hold anything.
        let (_, fields) = stat.rsplit_once(')')?;
        let mut times = fields.split_whitespace().skip(11).map_while(|field| field.parse::<u32>().ok());
        let mut time = || Some(TICK * times.next()?);
        Some(Self { own: time()? + time()?, children: time()? + time()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_process_and_of_its_children_is_read() {
        let stat = "12 (a (b) c) S 1 12 12 0 -1 4194304 100 200 0 0 7 3 40 5 20 0 9 0 1000";
        let expected = ProcessorTime { own: 10 * TICK, children: 45 * TICK };
        assert_eq!(ProcessorTime::parse(stat), Some(expected));
        assert_eq!(ProcessorTime::parse("12 (a) S 1"), None);
    }
}
