//! Makes a failing case smaller as long as it fails.

use std::time::{Duration, Instant};

use crate::batch::{Batch, Failure};
use crate::case::Case;
use crate::expression::{Expression, Given, Style};

/// A smaller case that fails as well, and how. None when the case does not fail alone.
pub fn shrink(case: &Case, seed: u64, limit: Duration) -> Option<(Case, Failure)> {
    let begin = Instant::now();
    let fails = |case: &Case| {
        let counts = Batch::new(&format!("shrink-{}", case.number), vec![case.clone()], seed).run(false);
        counts.failures.into_iter().next()
    };
    let mut failure = fails(case)?;
    let mut case = case.clone();
    'smaller: loop {
        for smaller in smaller(&case) {
            if begin.elapsed() > limit {
                break 'smaller;
            }
            if let Some(again) = fails(&smaller) {
                (case, failure) = (smaller, again);
                continue 'smaller;
            }
        }
        break;
    }
    Some((case, failure))
}

/// Cases that have a little less, those that have least first.
fn smaller(case: &Case) -> Vec<Case> {
    let mut all = Vec::new();
    if case.rounds.len() > 1 {
        for round in 0..case.rounds.len() {
            let mut less = case.clone();
            less.rounds.remove(round);
            all.push(less);
        }
    }
    let mut with = |change: &dyn Fn(&mut Expression) -> bool| {
        let mut less = case.clone();
        let mut changed = false;
        for object in less.rounds.iter_mut().flat_map(|round| round.values_mut()) {
            changed |= change(object);
        }
        if changed {
            all.push(less);
        }
    };
    let names: std::collections::BTreeSet<_> = case
        .rounds
        .iter()
        .flat_map(|round| round.values())
        .filter_map(|one| if let Given::Object(entries) = &one.value { Some(entries.keys().cloned()) } else { None })
        .flatten()
        .collect();
    for name in names.iter().filter(|name| *name != "name") {
        with(&|object| match &mut object.value {
            Given::Object(entries) => entries.remove(name).is_some(),
            _ => false,
        });
    }
    for name in &names {
        with(&|object| match &mut object.value {
            Given::Object(entries) => entries.get_mut(name).is_some_and(|one| {
                let plain = one.plain();
                let changed = *one != plain;
                *one = plain;
                changed
            }),
            _ => false,
        });
    }
    all.extend(inside(case));
    all
}

/// Without one element or one spelling somewhere inside.
fn inside(case: &Case) -> Vec<Case> {
    let mut all = Vec::new();
    for round in 0..case.rounds.len() {
        for key in case.rounds[round].keys() {
            let object = &case.rounds[round][key];
            for less in lesser(object) {
                let mut smaller = case.clone();
                smaller.rounds[round].insert(key.clone(), less);
                all.push(smaller);
            }
        }
    }
    all
}

fn lesser(expression: &Expression) -> Vec<Expression> {
    let mut all = Vec::new();
    if expression.style != Style::Literal {
        all.push(Expression { style: Style::Literal, ..expression.clone() });
    }
    let style = expression.style;
    match &expression.value {
        Given::Several(elements) => {
            for at in 0..elements.len() {
                let mut less = elements.clone();
                less.remove(at);
                all.push(Expression { value: Given::Several(less), style });
                for one in lesser(&elements[at]) {
                    let mut less = elements.clone();
                    less[at] = one;
                    all.push(Expression { value: Given::Several(less), style });
                }
            }
        }
        Given::Object(entries) => {
            for (key, one) in entries {
                // What may be required stays.
                if !["name", "key", "text", "to", "port", "value", "command", "cidr"].contains(&key.as_str()) {
                    let mut less = entries.clone();
                    less.remove(key);
                    all.push(Expression { value: Given::Object(less), style });
                }
                for one in lesser(one) {
                    let mut less = entries.clone();
                    less.insert(key.clone(), one);
                    all.push(Expression { value: Given::Object(less), style });
                }
            }
        }
        _ => {}
    }
    all
}
