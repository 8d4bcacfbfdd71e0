//! Makes a case that fails smaller, as long as it fails.

use crate::case::Case;
use crate::form::Form;
use crate::instance::{Instance, Placement, Timeouts};
use crate::runner::{Wrong, run};

/// How many smaller cases are tried.
const TRIES: usize = 40;

/// The smallest case that was found, and what is wrong with it.
pub fn shrink(mut case: Case, mut wrong: Wrong) -> (Case, Wrong) {
    let mut tries = 0;
    let mut attempt = |case: &mut Case, smaller: Case| {
        if tries >= TRIES || smaller.steps.is_empty() {
            return false;
        }
        tries += 1;
        let Err(found) = run(&smaller, &format!("forms-shrink-{}-{tries}", case.index)) else { return false };
        *case = smaller;
        wrong = found;
        true
    };
    let mut chunk = case.ids().len().div_ceil(2);
    loop {
        let mut ids = case.ids();
        while !ids.is_empty() && case.ids().len() > 1 {
            let rest = ids.split_off(chunk.min(ids.len()));
            let smaller = without(&case, |instance| ids.contains(&instance.id));
            attempt(&mut case, smaller);
            ids = rest;
        }
        if chunk <= 1 {
            break;
        }
        chunk = chunk.div_ceil(2);
    }
    if case.mistakes.is_some() {
        // They are in the first configuration, and in their forms.
        return (case, wrong);
    }
    for step in (0..case.steps.len()).rev() {
        let mut smaller = case.clone();
        smaller.steps.remove(step);
        attempt(&mut case, smaller);
    }
    let changes: [fn(&mut Instance); 3] = [
        |instance| instance.placement = Placement::Plain,
        |instance| instance.timeouts = Timeouts::Absent,
        |instance| instance.label = format!("r{}", instance.id),
    ];
    for change in changes {
        let mut smaller = case.clone();
        smaller.steps.iter_mut().flatten().for_each(change);
        attempt(&mut case, smaller);
    }
    let mut names: Vec<_> = case.steps.iter().flatten().flat_map(|one| one.arguments.keys().copied()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let mut smaller = case.clone();
        for instance in smaller.steps.iter_mut().flatten() {
            if let Some(cell) = instance.arguments.get_mut(name) {
                cell.form = Form::LITERAL;
            }
        }
        attempt(&mut case, smaller);
    }
    (case, wrong)
}

fn without(case: &Case, leave_out: impl Fn(&Instance) -> bool) -> Case {
    let mut smaller = case.clone();
    for step in &mut smaller.steps {
        step.retain(|instance| !leave_out(instance));
    }
    smaller
}
