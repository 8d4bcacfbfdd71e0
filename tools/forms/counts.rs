//! How often something was done.

/// How often something was done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub configurations: usize,
    pub resources: usize,
    pub values: usize,
    pub creates: usize,
    pub updates: usize,
    pub replaces: usize,
    pub plans: usize,
    pub mistakes: usize,
    pub wrong: usize,
}

impl Counts {
    pub fn add(&mut self, other: Self) {
        self.configurations += other.configurations;
        self.resources += other.resources;
        self.values += other.values;
        self.creates += other.creates;
        self.updates += other.updates;
        self.replaces += other.replaces;
        self.plans += other.plans;
        self.mistakes += other.mistakes;
        self.wrong += other.wrong;
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { configurations, resources, values, creates, updates, replaces, plans, mistakes, wrong } = self;
        write!(
            f,
            "{resources} resources in {configurations} configurations: {values} values written, {creates} creates, {updates} \
             updates, {replaces} replacements, {plans} empty second plans, {mistakes} mistakes reported, {wrong} configurations wrong"
        )
    }
}
