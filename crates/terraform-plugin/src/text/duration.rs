//! Durations as Terraform's users know them from Go: `90s`, `1h30m`.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::SignedDuration;

use super::TextType;

/// In Go's notation: numbers with a unit each (`h`, `m`, `s`, `ms`, `us`, `ns`), for example `90s`, `1.5h` or `1h30m`, or `0`; a
/// sign may stand before it.
impl TextType for SignedDuration {
    fn requirement() -> String {
        "must be a duration, for example \"30m\" or \"1h30m\"".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        nanoseconds(text).map(Self::from_nanos)
    }

    fn to_text(&self) -> String {
        let sign = if self.is_negative() { "-" } else { "" };
        format!("{sign}{}", written(self.as_nanos().unsigned_abs()))
    }
}

/// The same, not negative.
impl TextType for Duration {
    fn requirement() -> String {
        "must be a duration that is not negative, for example \"30m\" or \"1h30m\"".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        nanoseconds(text)?.try_into().ok().map(Self::from_nanos)
    }

    fn to_text(&self) -> String {
        written(self.as_nanos())
    }
}

/// The units, the longer ones before those that they begin with.
const UNITS: [(&str, i128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// The duration in nanoseconds, which 64 bits must be able to hold, as in Go. What is below a nanosecond is dropped.
fn nanoseconds(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut sum: i128 = 0;
    loop {
        let (whole, after) = digits(rest);
        let (fraction, after) = after.strip_prefix('.').map_or(("", after), digits);
        let (name, unit) = UNITS.iter().find(|(name, _)| after.starts_with(name))?;
        rest = &after[name.len()..];
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        sum += number(whole)?.checked_mul(*unit)?;
        // More digits than these are less than a nanosecond in every unit.
        let fraction = &fraction[..fraction.len().min(18)];
        sum += number(fraction)? * unit / 10_i128.pow(u32::try_from(fraction.len()).ok()?);
        if rest.is_empty() {
            return i64::try_from(sign * sum).ok();
        }
    }
}

/// The digits at the beginning, and what follows.
fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// None is 0. More than 64 bits is too much in every unit.
fn number(digits: &str) -> Option<i128> {
    if digits.is_empty() { Some(0) } else { digits.parse::<u64>().ok().map(i128::from) }
}

/// A duration in whole numbers of the units, the largest first.
fn written(mut nanoseconds: u128) -> String {
    let mut text = String::new();
    for (name, unit) in [
        ("h", 3_600_000_000_000),
        ("m", 60_000_000_000),
        ("s", 1_000_000_000),
        ("ms", 1_000_000),
        ("us", 1_000),
        ("ns", 1),
    ] {
        if nanoseconds >= unit {
            _ = write!(text, "{}{name}", nanoseconds / unit);
            nanoseconds %= unit;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::check;
    use super::*;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        const SECOND: i64 = 1_000_000_000;
        for (text, expected) in [
            ("0", 0),
            ("-0", 0),
            ("5s", 5 * SECOND),
            ("30m", 1800 * SECOND),
            ("1h30m", 5400 * SECOND),
            ("1h0m5s", 3605 * SECOND),
            ("+5s", 5 * SECOND),
            ("-5s", -5 * SECOND),
            ("1.5h", 5400 * SECOND),
            (".5s", SECOND / 2),
            ("5.s", 5 * SECOND),
            ("10ms", SECOND / 100),
            ("2us", 2000),
            ("2µs", 2000),
            ("2μs", 2000),
            ("7ns", 7),
            ("0.3333333333333333333h", 1_199_999_999_999),
            ("9223372036854775807ns", i64::MAX),
            ("-9223372036854775808ns", i64::MIN),
            ("30s1m", 90 * SECOND),
        ] {
            assert_eq!(nanoseconds(text), Some(expected), "{text}");
        }
        for wrong in [
            "",
            "-",
            "+",
            "s",
            "3",
            "3 s",
            " 3s",
            "3s ",
            "3S",
            "3d",
            "1h30",
            ".s",
            "1.2.3s",
            "1h 30m",
            "--1s",
            "PT1H",
            "soon",
            "9223372036854775808ns",
            "3000000h",
            "99999999999999999999s",
            "٣s",
        ] {
            assert_eq!(nanoseconds(wrong), None, "{wrong}");
        }
    }
    #[test]
    fn durations_are_compared_by_their_length() {
        let long: &[&[&str]] = &[&["90m", "1h30m", "1.5h", "+5400s"], &["0", "0s", "-0s"], &["1ms", "1000us"]];
        let negative = ["-90m", "-1h30m"];
        let neither = ["", "soon", "PT1H", "1h 30m"];
        check::<SignedDuration>(&[long, &[&negative[..]]].concat(), &neither);
        check::<Duration>(long, &[&neither[..], &negative].concat());
        assert_eq!(<Duration as TextType>::parse("1h30m1.5s").map(|it| it.to_text()).as_deref(), Some("1h30m1s500ms"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_duration_survives_as_a_text(nanoseconds: i64) {
            let duration = SignedDuration::from_nanos(nanoseconds);
            prop_assert_eq!(<SignedDuration as TextType>::parse(&duration.to_text()), Some(duration));
            let duration = Duration::from_nanos(nanoseconds.unsigned_abs() / 2);
            prop_assert_eq!(<Duration as TextType>::parse(&duration.to_text()), Some(duration));
        }
    }
}
