//! Times of RFC 3339.

use jiff::Timestamp;

use super::TextType;

/// A nanosecond has so many digits.
const DIGITS: usize = 9;

/// Two times mean the same if they are the same moment, to the nanosecond, in whatever zones. (The type of Go's framework tells
/// zones apart, other than `Z` and `+00:00`, and forgets fractions of a second: an API that answers in UTC then fails an apply.)
impl TextType for Timestamp {
    fn requirement() -> String {
        "must be a time of RFC 3339, for example \"2030-01-31T12:00:00Z\"".to_owned()
    }

    /// As strictly as Terraform's own functions: a capital `T`, and a capital `Z` or an offset. `jiff` would read much more.
    fn parse(text: &str) -> Option<Self> {
        let (time, rest) = text.split_at_checked("2030-01-31T12:00:00".len())?;
        // A leap second is none that Terraform knows.
        if !has_form(time, "0000-00-00T00:00:00") || &time[17..] == "60" {
            return None;
        }
        let (fraction, zone) = match rest.strip_prefix('.') {
            Some(rest) => rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?),
            None => ("0", rest),
        };
        let offset = has_form(zone, "+00:00") && &zone[1..3] < "24";
        if fraction.is_empty() || !(zone == "Z" || offset) {
            return None;
        }
        let fraction = &fraction[..fraction.len().min(DIGITS)];
        format!("{time}.{fraction}{zone}").parse().ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}

/// Whether a text has a digit where a form has a `0`, a sign where it has a `+`, and the same character elsewhere.
fn has_form(text: &str, form: &str) -> bool {
    let fits = |(character, form): (u8, u8)| match form {
        b'0' => character.is_ascii_digit(),
        b'+' => matches!(character, b'+' | b'-'),
        other => character == other,
    };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(fits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::check;
    use super::*;

    #[test]
    fn times_are_compared_as_moments() {
        check::<Timestamp>(
            &[
                &[
                    "2030-01-31T12:00:00Z",
                    "2030-01-31T12:00:00+00:00",
                    "2030-01-31T12:00:00-00:00",
                    "2030-01-31T12:00:00.000Z",
                    "2030-01-31T14:00:00+02:00",
                    "2030-01-30T12:30:00-23:30",
                ],
                &["2030-01-31T12:00:01Z"],
                &["2030-01-31T12:00:00.5Z", "2030-01-31T12:00:00.500Z", "2030-01-31T14:00:00.50+02:00"],
                &["2030-01-31T12:00:00.123456789Z", "2030-01-31T12:00:00.1234567891Z"],
                &["2028-02-29T00:00:00Z"],
            ],
            &[
                "",
                "2030-01-31",
                "2030-01-31T12:00Z",
                "2030-01-31T12:00:00",
                "2030-01-31 12:00:00Z",
                "2030-01-31t12:00:00Z",
                "2030-01-31T12:00:00z",
                "2030-01-31T12:00:00.Z",
                "2030-01-31T12:00:00,5Z",
                "2030-01-31T12:00:00.5",
                "2030-01-31T12:00:00+0200",
                "2030-01-31T12:00:00+24:00",
                "2030-01-31T12:00:00+02:60",
                "2030-01-31T12:00:00-02:99",
                "2030-01-31T12:00:00+02:00[Europe/Berlin]",
                "2030-01-31T12:00:60Z",
                "2030-01-31T24:00:00Z",
                "2030-02-30T12:00:00Z",
                "2030-13-01T12:00:00Z",
                "20300131T120000Z",
                "2030-01-31T12:00:0\u{e9}",
                " 2030-01-31T12:00:00Z",
                "tomorrow",
            ],
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_moment_survives_as_a_text(second in -62_135_596_800_i64..253_402_207_200, nanosecond in 0..1_000_000_000) {
            let moment = Timestamp::new(second, nanosecond).expect("it lies between the years 1 and 9999");
            prop_assert_eq!(Timestamp::parse(&moment.to_text()), Some(moment));
        }
    }
}
