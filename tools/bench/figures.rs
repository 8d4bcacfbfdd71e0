//! Figures: which one stands for many, and how they are written.

use std::time::Duration;

/// What is shown where there is nothing to show.
pub const NONE: &str = "-";

/// The value below which this share of all values lies, between 0 and 1. `None` where there are no values.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "it is the place of a value among a few"
)]
pub fn percentile<T: Ord + Copy>(values: &[T], share: f64) -> Option<T> {
    let mut values = values.to_vec();
    values.sort_unstable();
    let place = (values.len() as f64 * share) as usize;
    values.get(place.min(values.len().saturating_sub(1))).copied()
}

/// The value in the middle, of at least one.
pub fn median<T: Ord + Copy>(values: impl Iterator<Item = T>) -> T {
    percentile(&values.collect::<Vec<_>>(), 0.5).expect("something was measured")
}

/// Milliseconds, with a digit behind the point where they are few.
pub fn milliseconds(duration: Duration) -> String {
    let figure = duration.as_secs_f64() * 1e3;
    if figure < 100.0 { format!("{figure:.1} ms") } else { format!("{figure:.0} ms") }
}

/// Seconds.
pub fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}

/// Memory, or the size of a file.
#[expect(clippy::cast_precision_loss, reason = "it is for reading")]
pub fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

/// The size of what is far smaller.
pub fn kibibytes(bytes: u64) -> String {
    format!("{} KiB", bytes.div_ceil(1 << 10))
}

/// How often the one is contained in the other.
pub fn ratio(figure: f64, reference: f64) -> String {
    if reference > 0.0 { format!("{:.1}", figure / reference) } else { NONE.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_value_that_there_is() {
        let values: Vec<u32> = (1..=10).rev().collect();
        assert_eq!([0.0, 0.5, 0.9, 1.0].map(|share| percentile(&values, share)), [1, 6, 10, 10].map(Some));
        assert_eq!(percentile(&[7], 0.5), Some(7));
        assert_eq!(percentile::<u32>(&[], 0.5), None);
        assert_eq!(median([3, 1, 2].into_iter()), 2);
    }

    #[test]
    fn figures_are_short() {
        assert_eq!(
            [2_540, 99_900, 321_400].map(|micros| milliseconds(Duration::from_micros(micros))),
            ["2.5 ms", "99.9 ms", "321 ms"]
        );
        assert_eq!(seconds(Duration::from_millis(12_345)), "12.35 s");
        assert_eq!([mebibytes(3 << 19), kibibytes(1_025)], ["1.5 MiB", "2 KiB"]);
        assert_eq!([ratio(3.0, 2.0), ratio(1.0, 0.0)], ["1.5", "-"]);
    }
}
