//! The parent on Unix: a process whose parent has ended gets another one.

use std::os::unix::process::parent_id;

pub fn id() -> u32 {
    parent_id()
}

pub fn has_ended(id: u32) -> bool {
    parent_id() != id
}
