//! A batch: many cases in one configuration, from the first apply to the destroy.

use std::collections::BTreeMap;

use fastrand::Rng;
use terraform_plugin::value::Value;
use terraform_plugin_testing::Run;

use crate::case::Case;
use crate::expect::{self, Change};
use crate::expression::Expression;
use crate::terraform::{Terraform, case_of, complaints, never, planned};
use crate::wrong::spoil;

/// A case that did not do what it must, and why.
#[derive(Clone, Debug)]
pub struct Failure {
    pub number: usize,
    pub round: usize,
    pub text: String,
}

/// What was done.
#[derive(Default)]
pub struct Counts {
    pub cases: usize,
    pub configurations: usize,
    pub applies: usize,
    pub plans: usize,
    pub created: usize,
    pub updated: usize,
    pub replaced: usize,
    pub unchanged: usize,
    pub user_errors: usize,
    pub failures: Vec<Failure>,
}

impl Counts {
    pub fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.configurations += other.configurations;
        self.applies += other.applies;
        self.plans += other.plans;
        self.created += other.created;
        self.updated += other.updated;
        self.replaced += other.replaced;
        self.unchanged += other.unchanged;
        self.user_errors += other.user_errors;
        self.failures.extend(other.failures);
    }
}

type States = BTreeMap<String, Value>;

pub struct Batch {
    terraform: Terraform,
    cases: Vec<Case>,
    counts: Counts,
    rng: Rng,
    /// How many runs there were.
    time: usize,
}

/// How many cases of a batch are spoilt in each round.
const SPOILT: usize = 3;

impl Batch {
    pub fn new(name: &str, cases: Vec<Case>, seed: u64) -> Self {
        let counts = Counts { cases: cases.len(), ..Counts::default() };
        Self { terraform: Terraform::new(name), cases, counts, rng: Rng::with_seed(seed), time: 0 }
    }

    /// Runs all rounds. `careless` says whether users make mistakes in between.
    pub fn run(mut self, careless: bool) -> Counts {
        let rounds = self.cases.iter().map(|case| case.rounds.len()).max().unwrap_or_default();
        for round in 0..rounds {
            // Before objects are created, and before some are changed.
            if careless && round % 2 == 0 {
                self.careless(round);
            }
            self.round(round);
        }
        let run = self.terraform.destroy();
        self.blame_all(&run, rounds);
        self.counts
    }

    fn fail(&mut self, number: usize, round: usize, text: String) {
        self.counts.failures.push(Failure { number, round, text });
        self.take(number);
    }

    /// Goes on without a case.
    fn take(&mut self, number: usize) {
        self.cases.retain(|case| case.number != number);
        self.terraform.take(number);
    }

    /// Whether a case has elements of a set that its defaults make the same.
    fn has_twins(&self, number: Option<usize>, round: usize) -> bool {
        let case = self.cases.iter().find(|case| Some(case.number) == number);
        case.is_some_and(|case| {
            let objects = case.rounds[round.min(case.rounds.len() - 1)].values();
            objects.into_iter().any(|given| expect::has_twins(&case.kind().fields, given))
        })
    }

    /// Fails the cases that a run complains of. Whether there were any.
    fn blame_all(&mut self, run: &Run, round: usize) -> bool {
        let failed = run.code == Some(1) || never(run).is_some();
        if !failed {
            return false;
        }
        let mut blamed: BTreeMap<usize, String> = BTreeMap::new();
        let mut refused = false;
        for complaint in complaints(run) {
            if complaint.text.starts_with("Duplicate set element")
                && complaint.placed
                && self.has_twins(complaint.case, round)
            {
                self.counts.user_errors += 1;
                refused = true;
                self.take(complaint.case.unwrap_or_default());
                continue;
            }
            let number = complaint.case.or_else(|| self.cases.first().map(|case| case.number)).unwrap_or_default();
            blamed.entry(number).or_insert(complaint.text);
        }
        if blamed.is_empty() && !refused {
            let number = self.cases.first().map(|case| case.number).unwrap_or_default();
            blamed.insert(number, never(run).unwrap_or_else(|| run.text.clone()));
        }
        for (number, text) in blamed {
            self.fail(number, round, text);
        }
        true
    }

    fn write(&mut self, round: usize) {
        self.time += 1;
        for case in &self.cases {
            self.terraform.put(case, round.min(case.rounds.len() - 1), self.time);
        }
    }

    /// A round in which some cases are wrong: each error is about one of them, and says where.
    fn careless(&mut self, round: usize) {
        self.write(round);
        let (mut spoilt, mut all_wrong) = (Vec::new(), Vec::new());
        for _ in 0..SPOILT.min(self.cases.len()) {
            let mut case = self.cases[self.rng.usize(..self.cases.len())].clone();
            let round = round.min(case.rounds.len() - 1);
            let wrong = spoil(&mut self.rng, &mut case, round);
            if !spoilt.contains(&case.number) {
                self.terraform.put(&case, round, self.time);
                spoilt.push(case.number);
                all_wrong.push(wrong);
            }
        }
        let run = self.terraform.apply();
        self.counts.applies += 1;
        let complaints = complaints(&run);
        for number in &spoilt {
            // Others may have failed first, so that this one's turn did not come.
            let own: Vec<_> = complaints.iter().filter(|one| one.case == Some(*number)).collect();
            self.counts.user_errors += own.len();
            if let Some(one) = own.iter().find(|one| !one.placed) {
                self.fail(*number, round, format!("an error without a place:\n{}", one.text));
            }
        }
        let foreign: Vec<_> = complaints
            .iter()
            .filter(|one| !(one.text.starts_with("Duplicate set element") && self.has_twins(one.case, round)))
            .filter(|one| one.case.is_none_or(|case| !spoilt.contains(&case)))
            .collect();
        if let Some(one) = foreign.first() {
            let number = one.case.or(spoilt.first().copied()).unwrap_or_default();
            self.fail(number, round, format!("an error for nothing wrong:\n{}", one.text));
        } else if let Some(line) = never(&run) {
            let number = spoilt.first().copied().unwrap_or_default();
            self.fail(number, round, line);
        } else if complaints.is_empty() {
            let number = spoilt.first().copied().unwrap_or_default();
            self.fail(number, round, format!("something wrong was let through: {all_wrong:?}"));
        }
    }

    fn round(&mut self, round: usize) {
        loop {
            if self.cases.is_empty() {
                return;
            }
            self.write(round);
            let former = self.terraform.states(&self.cases).unwrap_or_default();
            let run = self.terraform.apply();
            self.counts.applies += 1;
            if self.blame_all(&run, round) {
                continue;
            }
            self.counts.configurations += self.cases.len();
            match self.terraform.states(&self.cases) {
                Ok(states) => self.compare(round, &former, &states, &planned(&run)),
                Err(error) => {
                    let number = self.cases[0].number;
                    self.fail(number, round, format!("the state cannot be read: {error}"));
                }
            }
            self.plan_again(round);
            return;
        }
    }

    fn plan_again(&mut self, round: usize) {
        let run = self.terraform.plan();
        self.counts.plans += 1;
        if self.blame_all(&run, round) {
            return;
        }
        let mut reported = Vec::new();
        for (address, action) in planned(&run) {
            let number = case_of(&address).unwrap_or_default();
            if !reported.contains(&number) && self.cases.iter().any(|case| case.number == number) {
                reported.push(number);
                let change = self.terraform.show_change(&address);
                self.fail(number, round, format!("the second plan is not empty, but a {action}:\n{change}"));
            }
        }
    }

    fn compare(&mut self, round: usize, former: &States, states: &States, actions: &BTreeMap<String, String>) {
        let mut wrong = Vec::new();
        for case in &self.cases {
            let fields = &case.kind().fields;
            for (key, given) in &case.rounds[round.min(case.rounds.len() - 1)] {
                let address = case.address(key);
                let action = actions.get(&address).map_or("none", String::as_str);
                let Some(state) = states.get(&address) else {
                    wrong.push((case.number, format!("{address} is not in the state")));
                    continue;
                };
                let reported = expect::object(fields, given, state, &address);
                let reported = reported.or_else(|| match former.get(&address) {
                    Some(former) => changed(case, given, (former, state), action, &address),
                    None => (action != "create").then(|| format!("{address}: planned is {action}")),
                });
                if let Some(reported) = reported {
                    wrong.push((case.number, reported));
                }
                match action {
                    "create" => self.counts.created += 1,
                    "update" => self.counts.updated += 1,
                    "replace" => self.counts.replaced += 1,
                    _ => self.counts.unchanged += 1,
                }
            }
        }
        for (number, reported) in wrong {
            if self.cases.iter().any(|case| case.number == number) {
                self.fail(number, round, reported);
            }
        }
    }
}

/// What is wrong with how an object has changed.
fn changed(
    case: &Case,
    given: &Expression,
    (former, state): (&Value, &Value),
    action: &str,
    address: &str,
) -> Option<String> {
    let fields = &case.kind().fields;
    let expected = match expect::change(fields, given, former) {
        Change::None if case.is_hidden() => Change::Little,
        expected => expected,
    };
    let fits = match expected {
        Change::None => action == "none",
        Change::Update => action == "update",
        Change::Little => action == "update" || action == "none",
        Change::Replace => action == "replace",
        Change::Any => action != "create",
    };
    if !fits {
        return Some(format!("{address}: planned is {action}, and expected {expected:?}"));
    }
    let same = former.get("id") == state.get("id");
    if same == (action == "replace") {
        return Some(format!(
            "{address}: planned is {action}, and the id is {}",
            if same { "the same" } else { "new" }
        ));
    }
    if same { expect::lost(fields, given, former, state, address) } else { None }
}
