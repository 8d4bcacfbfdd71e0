//! What distinguishes a process, by the process table: for systems without `/proc`.

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// These processes, if they are in the table. `None` if this system has none.
pub fn read(ids: &[Pid]) -> Option<System> {
    let mut system = System::new().ok()?;
    system.refresh_processes_specifics(ProcessesToUpdate::Some(ids), true, ProcessRefreshKind::nothing());
    Some(system)
}

/// The PID, and the second in which the process started.
pub fn of(id: u32) -> Option<String> {
    let pid = Pid::from_u32(id);
    let started = read(&[pid])?.process(pid)?.start_time();
    // Zero where this process may not ask for it.
    (started != 0).then(|| format!("{id}-{started}"))
}
