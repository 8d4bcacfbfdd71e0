//! What distinguishes a process, by `/proc`.

use std::fs;

/// The PID, and when the process and the system started.
pub fn of(id: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    Some(format!("{id}-{}-{}", start_time(&stat)?, boot.trim()))
}

/// The start time in a line of `/proc/<pid>/stat`: the 20th word after the name of the program, which is in parentheses and
/// may hold anything.
fn start_time(stat: &str) -> Option<&str> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(19)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_of_any_name_has_a_start_time() {
        let fields = |name: &str| format!("7 ({name}) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21");
        assert_eq!(start_time(&fields("terraform")), Some("4711"));
        assert_eq!(start_time(&fields("a) (b c")), Some("4711"));
        assert_eq!(start_time("7 (terraform) S 1"), None);
        assert_eq!(start_time(""), None);
    }
}
