//! The rules of the evidence, each of which can be taken out.

/// Which rules are kept. Without one, the product's function is asked with the question that hides what the rule is about, or
/// its answer is overruled by that of somebody more gullible.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule")]
pub struct Rules {
    pub two_reads: bool,
    pub list: bool,
    pub control: bool,
    pub account: bool,
    pub unfinished_create: bool,
    pub created_before: bool,
    pub search_before_second: bool,
    pub second_refusal: bool,
    pub returned: bool,
    pub owner: bool,
    pub entry_account: bool,
    pub entry_place: bool,
    pub one_adoption: bool,
    pub protection_in_delete: bool,
    pub protection_in_replacement: bool,
    pub conflict: bool,
    /// These are not kept by the product yet.
    pub entry_lag: bool,
    pub whole_list_before: bool,
    pub no_adoption_by_chosen_name: bool,
    pub headless_create: bool,
    pub confirmed_by_name: bool,
    pub old_id_cleared: bool,
}

/// Takes a rule out.
pub type TakeOut = fn(&mut Rules);

/// Every rule: its name, and how it is taken out.
pub const ALL: [(&str, TakeOut); 16] = [
    ("an absence needs two reads", |rules| rules.two_reads = false),
    ("an absence needs the list", |rules| rules.list = false),
    ("an absence needs the control request", |rules| rules.control = false),
    ("an absence needs the same account", |rules| rules.account = false),
    ("an absence needs a create that has ended", |rules| rules.unfinished_create = false),
    ("an id that was listed before is not ours", |rules| rules.created_before = false),
    ("a search comes before the second create", |rules| rules.search_before_second = false),
    ("a refusal of the second create says nothing of the first", |rules| rules.second_refusal = false),
    ("an entry that returned is not adopted", |rules| rules.returned = false),
    ("an entry of an owner that lives is not adopted", |rules| rules.owner = false),
    ("an entry of another account is not adopted", |rules| rules.entry_account = false),
    ("an entry of another place is not adopted", |rules| rules.entry_place = false),
    ("an entry is good for one adoption", |rules| rules.one_adoption = false),
    ("the delete checks protection", |rules| rules.protection_in_delete = false),
    ("the create half of a replacement checks protection", |rules| rules.protection_in_replacement = false),
    ("a conflict of a destroy is explained", |rules| rules.conflict = false),
];

/// What the product does not do yet, and has to, for the invariants to hold.
pub const OPEN: [(&str, TakeOut); 6] = [
    ("the absence of an entry's object waits for the lag of reads", |rules| rules.entry_lag = false),
    ("the list before a create has to be whole", |rules| rules.whole_list_before = false),
    ("a name that the user chose proves nothing for an entry without an id", |rules| {
        rules.no_adoption_by_chosen_name = false;
    }),
    ("a provider whose Terraform is gone by the time its entry is written sends no create", |rules| {
        rules.headless_create = false;
    }),
    ("an entry without an id is settled when its name is found in a state", |rules| rules.confirmed_by_name = false),
    ("an adopted entry loses the id that is proved absent before the create is sent", |rules| {
        rules.old_id_cleared = false;
    }),
];

impl Rules {
    /// All of them.
    pub fn kept() -> Self {
        Self {
            two_reads: true,
            list: true,
            control: true,
            account: true,
            unfinished_create: true,
            created_before: true,
            search_before_second: true,
            second_refusal: true,
            returned: true,
            owner: true,
            entry_account: true,
            entry_place: true,
            one_adoption: true,
            protection_in_delete: true,
            protection_in_replacement: true,
            conflict: true,
            entry_lag: true,
            whole_list_before: true,
            no_adoption_by_chosen_name: true,
            headless_create: true,
            confirmed_by_name: true,
            old_id_cleared: true,
        }
    }

    pub fn without(take_out: fn(&mut Self)) -> Self {
        let mut rules = Self::kept();
        take_out(&mut rules);
        rules
    }
}
