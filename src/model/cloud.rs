//! A small cloud, and what it answers.

/// As many as the bounds allow.
pub const MAX_CLUSTERS: usize = 3;

/// Who created a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Creator {
    /// This run of Terraform.
    Run(u8),
    /// Another user, by hand.
    AnotherUser,
    /// The state of the beginning holds it.
    Before,
}

/// What became of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Its create has not ended.
    Creating,
    /// It is healthy.
    Ready,
    /// Its create FAILED. It is there, and can be destroyed.
    Failed,
    /// Its destroy was accepted.
    Deleting,
    /// It was deleted: reads answer 404.
    Deleted,
}

/// A cluster. Its id is its place in the list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cluster {
    pub name: u8,
    pub account: u8,
    pub creator: Creator,
    /// The Terraform state that it was created for.
    pub of_state: Option<u8>,
    pub protected: bool,
    pub status: Status,
    /// Whether reads and lists show it by now: they lag behind writes.
    pub visible: bool,
    /// A user has handled it, and so knows of it.
    pub known: bool,
}

impl Cluster {
    /// A ready cluster of this name that another user created by hand.
    pub fn by_hand(name: u8) -> Self {
        Self {
            name,
            account: 0,
            creator: Creator::AnotherUser,
            of_state: None,
            protected: false,
            status: Status::Ready,
            visible: true,
            known: true,
        }
    }

    pub fn exists(&self) -> bool {
        self.status != Status::Deleted
    }
}

/// How the API fares as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weather {
    Fine,
    /// For a moment, shorter than two reads are apart, everything about clusters is answered with 404.
    Blip,
    /// Reads of a single cluster are answered with 404; lists are right.
    NoDetails,
    /// Everything is answered with 404, for as long as it takes.
    Gateway,
}

/// A create that the API has and has not carried out yet, long after its answer was lost.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Late {
    pub name: u8,
    pub account: u8,
    pub run: u8,
    pub state: u8,
    pub protected: bool,
}

/// The cloud.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cloud {
    pub clusters: Vec<Cluster>,
    pub weather: Weather,
    pub late: Option<Late>,
}

/// What a list contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listed {
    /// These, and nothing else.
    Whole(Vec<u8>),
    /// 404.
    NotFound,
    /// Cut off before the first.
    Cut,
}

impl Listed {
    /// The ids that it shows.
    pub fn ids(&self) -> &[u8] {
        match self {
            Self::Whole(ids) => ids,
            Self::NotFound | Self::Cut => &[],
        }
    }
}

/// How a create went in the cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landed {
    New(u8),
    /// 409: the name is taken.
    Taken,
    /// The model holds no more clusters.
    Full,
}

impl Cloud {
    /// A read of one cluster; `None` is a 404.
    pub fn read(&self, id: u8, account: u8) -> Option<&Cluster> {
        let found = self.clusters.get(usize::from(id));
        found.filter(|one| self.weather == Weather::Fine && one.exists() && one.visible && one.account == account)
    }

    /// What a destroy is about; `None` is a 404. It does not lag as reads do.
    pub fn addressed(&self, id: u8, account: u8) -> Option<&Cluster> {
        let found = self.clusters.get(usize::from(id));
        found.filter(|one| self.weather == Weather::Fine && one.exists() && one.account == account)
    }

    pub fn list(&self, account: u8, cut: bool) -> Listed {
        match self.weather {
            Weather::Blip | Weather::Gateway => Listed::NotFound,
            _ if cut => Listed::Cut,
            Weather::Fine | Weather::NoDetails => {
                Listed::Whole(self.ids(|one| one.visible && one.account == account).collect())
            }
        }
    }

    /// Whether the control request is answered.
    pub fn controls(&self) -> bool {
        self.weather != Weather::Gateway
    }

    /// The ids of the clusters that exist and are as asked.
    pub fn ids(&self, is_it: impl Fn(&Cluster) -> bool) -> impl Iterator<Item = u8> {
        (0_u8..).zip(&self.clusters).filter(move |(_, one)| one.exists() && is_it(one)).map(|(id, _)| id)
    }

    pub fn cluster(&mut self, id: u8) -> &mut Cluster {
        &mut self.clusters[usize::from(id)]
    }

    pub fn create(&mut self, new: Cluster, unique_names: bool) -> Landed {
        let taken = |one: &Cluster| one.account == new.account && one.name == new.name;
        if unique_names && self.ids(taken).next().is_some() {
            return Landed::Taken;
        }
        if self.clusters.len() == MAX_CLUSTERS {
            return Landed::Full;
        }
        self.clusters.push(new);
        Landed::New(u8::try_from(self.clusters.len() - 1).unwrap_or_default())
    }

    /// Five seconds pass.
    pub fn wait_a_moment(&mut self) {
        if self.weather == Weather::Blip {
            self.weather = Weather::Fine;
        }
    }

    /// A minute passes: reads and lists do not lag longer.
    pub fn wait_a_minute(&mut self) {
        self.wait_a_moment();
        for one in &mut self.clusters {
            one.visible = true;
        }
    }
}
