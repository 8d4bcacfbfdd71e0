//! Jobs.

mod cancel;

pub use cancel::CancelJobAction;
