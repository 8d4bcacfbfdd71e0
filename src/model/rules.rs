//! The rules of the evidence, each of which can be taken out.
//!
//! # Rules that are not among them, and why
//! - *An answer is about what was asked for*: ids are compared within one answer, so no order of events matters. The client
//!   and `evidence` have tables for it, and the strange worlds of `tools/faults` answer with other ids.
//! - *A node that runs is a cluster*, the spelling of the API, numbers that cannot be sent, masked secrets, sizes of answers
//!   and how soon a wait ends: decided within one answer or one process as well.
//! - *A request that COMPLETED and one read are proof of a destroy*: it permits, and forbids nothing. Without it the whole
//!   evidence is gathered, which is among the rules.
//! - *After a second create others of its name are named*: between the search and the second answer nothing can appear
//!   within the assumptions of the model. The rule is for an API that breaks them.
//! - *404, 401 and 403 are tolerated while a create or a destroy is waited for*, and *a create that FAILED lifts its lock*:
//!   the object is in the state either way. Without them work is lost, and no object; that there is always a way out is
//!   checked by the tests of the remedies.
//! - *An owner that cannot be identified is not adopted from*: `journal::owner` makes the same of it as of one that lives. How
//!   an entry is written, locked and synced is the file system's, and killed for real by `tools/faults --kills`.
//! - *Endpoint, working directory, backend and workspace bind an entry*: one fingerprint, which here is the place.
//! - *What the same apply destroys is not adopted*, and *a volume whose attachments cannot be read is not destroyed*: there is
//!   one kind of object here, which is attached to nothing.

/// Which rules are kept. Without one, the product's function is asked with the question that hides what the rule is about, or
/// its answer is overruled by that of a more gullible one.
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
    pub conflict_of_nothing: bool,
    pub own_name: bool,
    pub search_outlasts_lag: bool,
    pub marked_before_answer: bool,
    pub entry_stays: bool,
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
pub const ALL: [(&str, TakeOut); 29] = [
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
    ("a conflict of a destroy speaks of what exists", |rules| rules.conflict_of_nothing = false),
    ("a conflict of a create under a name of ours speaks of ours", |rules| rules.own_name = false),
    ("a search lasts longer than reads lag", |rules| rules.search_outlasts_lag = false),
    ("how a create ended is on disk before its answer leaves", |rules| rules.marked_before_answer = false),
    ("an entry stays until its object is found in a state", |rules| rules.entry_stays = false),
    ("the absence of an entry's object waits for the lag of reads", |rules| rules.entry_lag = false),
    ("the list before a create has to be complete", |rules| rules.whole_list_before = false),
    ("what has a name that the user chose is adopted only if it was asked for then", |rules| {
        rules.asked_for_then = false;
    }),
    ("a provider whose Terraform has ended by the time its entry is written sends no create", |rules| {
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
            conflict_of_nothing: true,
            own_name: true,
            search_outlasts_lag: true,
            marked_before_answer: true,
            entry_stays: true,
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
