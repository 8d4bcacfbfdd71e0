//! The process that started this one, which is the Terraform that it serves: who it is, and whether it still runs.

#[cfg(target_os = "linux")]
mod proc;
#[cfg(not(target_os = "linux"))]
mod table;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
use proc as identity;
#[cfg(not(target_os = "linux"))]
use table as identity;
#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

/// The process that started this one: the Terraform that it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParentProcess {
    /// Its PID. Zero where the system reports no parent.
    id: u32,
}

impl ParentProcess {
    /// The parent of now. Where a parent ends before its children, these get another one, except on Windows.
    #[must_use]
    pub fn current() -> Self {
        Self { id: system::id() }
    }

    /// A parent that has ended, for tests.
    #[doc(hidden)]
    #[must_use]
    pub fn ended() -> Self {
        Self { id: u32::MAX }
    }

    /// Whether it has ended, so that this process is about to end too. Always false where the system reports no parent.
    #[must_use]
    pub fn has_ended(self) -> bool {
        self.id != 0 && system::has_ended(self.id)
    }

    /// What distinguishes it from every other process: its PID, and when it started, because PIDs are reused. `None` if the
    /// system does not report both: a PID alone would make one run of two.
    #[must_use]
    pub fn identity(self) -> Option<String> {
        if self.id == 0 { None } else { identity::of(self.id) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    /// What a process that a test has started is to do.
    const ROLE: &str = "TERRAFORM_PLUGIN_TEST_ROLE";
    /// What such a process says begins with this, as the test runner says something as well.
    const MARK: &str = "said: ";

    /// This very program as another process.
    fn start(role: &str, stdout: Stdio) -> Child {
        let mut command = Command::new(std::env::current_exe().expect("it is known"));
        command.args(["--exact", "serve::parent::tests::another_process", "--ignored", "--nocapture"]);
        command.env(ROLE, role).stdin(Stdio::null()).stdout(stdout).spawn().expect("it can be started")
    }

    /// What a process says, one after the other.
    fn said(process: &mut Child) -> impl Iterator<Item = String> + use<> {
        let lines = BufReader::new(process.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
        lines.filter_map(|line| line.split_once(MARK).map(|(_, said)| said.to_owned()))
    }

    fn say(text: &str) {
        // Not by a macro, whose text the test runner would keep to itself.
        writeln!(std::io::stdout(), "{MARK}{text}").expect("the test reads it");
    }

    #[test]
    #[ignore = "the other tests start it, as another process"]
    fn another_process() {
        match std::env::var(ROLE).as_deref() {
            Ok("identify") => say(&ParentProcess::current().identity().unwrap_or_default()),
            Ok("pass on") => _ = start("watch", Stdio::inherit()).wait(),
            Ok("watch") => {
                let parent = ParentProcess::current();
                say(if parent.has_ended() { "ended" } else { "runs" });
                let begin = Instant::now();
                while !parent.has_ended() && begin.elapsed() < Duration::from_secs(20) {
                    std::thread::sleep(Duration::from_millis(10));
                }
                say(if parent.has_ended() { "ended" } else { "runs" });
            }
            _ => {}
        }
    }

    #[test]
    fn all_children_of_a_process_identify_it_alike_and_by_more_than_its_pid() {
        let mut children = [start("identify", Stdio::piped()), start("identify", Stdio::piped())];
        let [one, other] = children.each_mut().map(|child| said(child).collect::<String>());
        assert_eq!(one, other);
        let start = one.strip_prefix(&format!("{}-", std::process::id())).expect("it begins with the PID");
        assert!(start.bytes().any(|byte| byte.is_ascii_digit()), "{one}");
        for child in &mut children {
            child.wait().expect("it ends");
        }
    }

    #[test]
    fn a_child_notices_that_its_parent_was_killed() {
        let mut parent = start("pass on", Stdio::piped());
        let mut said = said(&mut parent);
        assert_eq!(said.next().as_deref(), Some("runs"));
        parent.kill().expect("it runs");
        // It is waited for afterwards: a process whose end no other has taken note of yet has ended as well.
        assert_eq!(said.collect::<Vec<_>>(), ["ended"]);
        parent.wait().expect("it ends");
    }

    #[test]
    fn a_parent_that_is_not_the_parent_has_ended() {
        assert!(ParentProcess::ended().has_ended());
        assert!(!ParentProcess { id: 0 }.has_ended(), "the system reports none");
        assert_eq!(ParentProcess { id: 0 }.identity(), None);
        assert_eq!(ParentProcess::ended().identity(), None);
    }
}
