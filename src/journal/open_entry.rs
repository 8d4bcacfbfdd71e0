//! An entry while its create runs.

use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use super::entry::{Entry, Stage};
use super::place::{Place, off_the_workers};

/// An entry that this process writes. If it is dropped without a mark, its create counts as never answered, and an object
/// that was not [recorded](Self::record) by then as never adopted.
pub struct OpenEntry {
    pub(super) place: Arc<Place>,
    pub(super) entry: Box<Entry>,
    /// Whether Terraform may have been given a state.
    recorded: bool,
    /// Whether nothing is to be added any more.
    settled: bool,
}

impl OpenEntry {
    pub(super) fn new(place: &Arc<Place>, entry: Entry) -> Self {
        Self { place: Arc::clone(place), entry: Box::new(entry), recorded: false, settled: false }
    }

    /// Adds what the API returned. It is called before Terraform is given a state.
    pub async fn record(&mut self, id: &str, request_id: Option<&str>) {
        self.entry.id = Some(id.to_owned());
        self.entry.request_id = request_id.map(str::to_owned);
        self.entry.recorded_at = Some(SystemTime::now());
        self.recorded = true;
        // A failure leaves the entry as it is, which still names the object.
        _ = self.write().await;
    }

    /// Takes back what was added: the API returned an object that is not the one which was created.
    pub async fn take_back(&mut self) {
        (self.entry.id, self.entry.request_id, self.entry.recorded_at) = (None, None, None);
        self.recorded = false;
        _ = self.write().await;
    }

    /// Whether Terraform has ended, so that this process is about to end too: what it creates now, another run may be
    /// creating already, which began before this entry was there.
    #[must_use]
    pub fn is_abandoned(&self) -> bool {
        self.place.parent().has_ended()
    }

    /// Marks that the create succeeded: its answer is about to leave. If Terraform was killed by now, the answer reaches no
    /// state, and the create counts as never answered.
    pub async fn mark_returned(mut self) {
        self.recorded = true;
        self.answer(Stage::Returned);
        self.settle().await;
    }

    /// Marks that the create answers an error, although something exists or may exist. If nothing was
    /// [recorded](Self::record), Terraform is given no state.
    pub async fn mark_failed(mut self) {
        self.fail();
        self.settle().await;
    }

    /// Removes the entry: nothing was created.
    pub async fn discard(mut self) {
        self.settled = true;
        self.place.remove(self.entry.path.clone()).await;
    }

    fn fail(&mut self) {
        self.answer(if self.recorded { Stage::Failed } else { Stage::FailedWithoutState });
    }

    /// An adopted object that reaches no state is again as the earlier run left it.
    fn answer(&mut self, stage: Stage) {
        let terraform_has_ended = self.is_abandoned();
        self.recorded &= !terraform_has_ended;
        if self.entry.adopted && !self.recorded {
            self.entry.adopted = false;
        } else if !terraform_has_ended {
            self.entry.stage = stage;
        }
    }

    async fn settle(&mut self) {
        self.settled = true;
        if self.write().await.is_err() && self.recorded {
            // Without the mark the next run would adopt an object that may be in a state.
            self.place.remove(self.entry.path.clone()).await;
        }
    }

    async fn write(&self) -> io::Result<()> {
        self.place.write(Entry::clone(&self.entry)).await
    }
}

impl Drop for OpenEntry {
    /// A create that panics is answered by an error too, together with the state that it had saved. This cannot be awaited,
    /// so that the mark is on disk before the answer leaves.
    fn drop(&mut self) {
        let is_given_back = self.entry.adopted && !self.recorded;
        if self.settled || !(is_given_back || std::thread::panicking()) {
            return;
        }
        self.fail();
        let (store, entry) = (self.place.store(), &self.entry);
        off_the_workers(|| {
            if store.write(entry).is_err() && self.recorded {
                store.remove(&entry.path);
            }
        });
    }
}
