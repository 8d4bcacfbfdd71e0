//! The names of blocks.

use std::collections::BTreeMap;

/// The names of the blocks in an object, and of those inside each of them. A configuration does not say what in it is a block,
/// and an empty list is one that is not written, or a value.
#[derive(Default)]
pub(crate) struct BlockNames(BTreeMap<String, BlockNames>);

impl BlockNames {
    pub const NONE: &'static Self = &Self(BTreeMap::new());

    /// The blocks inside the block of this name; `None` if there is no such block.
    pub fn inside(&self, name: &str) -> Option<&Self> {
        self.0.get(name)
    }
}

impl FromIterator<(String, Self)> for BlockNames {
    fn from_iter<I: IntoIterator<Item = (String, Self)>>(names: I) -> Self {
        Self(names.into_iter().collect())
    }
}
