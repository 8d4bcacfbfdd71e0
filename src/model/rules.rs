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
    pub entry_lag: bool,
    pub whole_list_before: bool,
    pub asked_for_then: bool,
    pub abandoned: bool,
    pub confirmed_by_name: bool,
    pub absent_is_discarded: bool,
    pub second_of_a_run: bool,
    pub passing: bool,
}

/// Takes a rule out.
pub type TakeOut = fn(&mut Rules);

/// Every rule: its name, and how it is taken out.
pub const ALL: [(&str, TakeOut); 24] = [
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
    ("the absence of an entry's object waits for the lag of reads", |rules| rules.entry_lag = false),
    ("the list before a create has to be complete", |rules| rules.whole_list_before = false),
    ("what has a name that the user chose is adopted only if it was asked for then", |rules| {
        rules.asked_for_then = false;
    }),
    ("a provider whose Terraform is gone by the time its entry is written sends no create", |rules| {
        rules.abandoned = false;
    }),
    ("an entry without an id is settled when its name is found in a state", |rules| rules.confirmed_by_name = false),
    ("an entry whose object is absent is discarded before the create is sent", |rules| {
        rules.absent_is_discarded = false;
    }),
    ("a create under the entry of a killed one counts as the second", |rules| rules.second_of_a_run = false),
    ("what returned and is in no state is reported by the second run", |rules| rules.passing = false),
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
            asked_for_then: true,
            abandoned: true,
            confirmed_by_name: true,
            absent_is_discarded: true,
            second_of_a_run: true,
            passing: true,
        }
    }

    pub fn without(take_out: fn(&mut Self)) -> Self {
        let mut rules = Self::kept();
        take_out(&mut rules);
        rules
    }
}
