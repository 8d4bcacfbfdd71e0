//! Numbers of few digits, which nearly all are: without memory of their own, and quick.

use std::cmp::Ordering;
use std::fmt;

use bigdecimal::{BigDecimal, ToPrimitive};

/// A text of more digits than this may not fit.
const MAX_DIGITS: usize = 18;
/// Below this, every whole number is exactly one that 64 bits of floating point can hold.
const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
/// Numbers of fewer digits than this one are the shortest decimals of their floats.
const SHORT: u64 = 10_u64.pow(f64::DIGITS);

/// The number `digits / 10^scale`. A fraction does not end with a zero, so each number has one form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Small {
    digits: i64,
    scale: u8,
}

impl Small {
    fn new(mut digits: i64, mut scale: u8) -> Self {
        while scale > 0 && digits % 10 == 0 {
            digits /= 10;
            scale -= 1;
        }
        Self { digits, scale }
    }

    /// Reads digits, with a point or without, and nothing else: other texts are no numbers, or not small ones.
    pub fn parse(text: &str) -> Option<Self> {
        let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        if whole.is_empty() || fraction.is_empty() || whole.len() + fraction.len() > MAX_DIGITS {
            return None;
        }
        let mut digits = 0_i64;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            digits = digits * 10 + i64::from(byte - b'0');
        }
        Some(Self::new(if is_negative { -digits } else { digits }, u8::try_from(fraction.len()).ok()?))
    }

    /// The number, if it is a small one.
    pub fn of(number: &BigDecimal) -> Option<Self> {
        if number.is_integer() {
            return number.to_i64().map(Self::from);
        }
        let (digits, scale) = number.normalized().into_bigint_and_scale();
        let scale = u8::try_from(scale).ok().filter(|scale| usize::from(*scale) <= MAX_DIGITS)?;
        Some(Self::new(digits.to_i64()?, scale))
    }

    pub fn to_big(self) -> BigDecimal {
        BigDecimal::new(self.digits.into(), self.scale.into())
    }

    pub fn as_i64(self) -> Option<i64> {
        (self.scale == 0).then_some(self.digits)
    }

    /// The nearest float, if it can be calculated at once.
    #[expect(clippy::cast_precision_loss, reason = "these numbers lose nothing")]
    pub fn as_f64(self) -> Option<f64> {
        // A quotient of two exact floats is the nearest one to it: all powers of ten up to the 22nd are exact.
        (self.digits.unsigned_abs() <= EXACT).then(|| self.digits as f64 / self.unit() as f64)
    }

    /// The float that the number is exactly, if there is one.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "a number that loses is not exact"
    )]
    pub fn as_exact_f64(self) -> Option<f64> {
        // In lowest terms the denominator is a power of two only if all its fives are gone.
        let fives = 5_i64.pow(self.scale.into());
        if self.digits % fives != 0 {
            return None;
        }
        let (numerator, denominator) = (self.digits / fives, 2_u64.pow(self.scale.into()));
        let float = numerator as f64;
        (float as i128 == i128::from(numerator)).then(|| float / denominator as f64)
    }

    /// Whether it has so few digits that no shorter decimal has the same float.
    pub fn is_short(self) -> bool {
        self.digits.unsigned_abs() < SHORT
    }

    /// How many units of the last digit make a whole.
    fn unit(self) -> u64 {
        10_u64.pow(self.scale.into())
    }
}

impl From<i64> for Small {
    fn from(number: i64) -> Self {
        Self { digits: number, scale: 0 }
    }
}

impl Ord for Small {
    fn cmp(&self, other: &Self) -> Ordering {
        // With the other's denominator: 2^63 * 10^18 is below 2^127.
        let over = |one: &Self, other: &Self| i128::from(one.digits) * i128::from(other.unit());
        over(self, other).cmp(&over(other, self))
    }
}

impl PartialOrd for Small {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Small {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.digits);
        }
        let sign = if self.digits.is_negative() { "-" } else { "" };
        let (digits, unit) = (self.digits.unsigned_abs(), self.unit());
        write!(f, "{sign}{}.{:0width$}", digits / unit, digits % unit, width = self.scale.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn big(text: &str) -> BigDecimal {
        text.parse().expect("it is a number")
    }

    /// Texts of numbers, most of them small, some with zeros around them.
    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            "-?[0-9]{1,20}",
            "-?[0-9]{1,10}\\.[0-9]{1,12}",
            "-?0\\.0{0,12}[0-9]{1,9}",
            "-?[0-9]{1,4}00?\\.[05]0?"
        ]
    }

    proptest! {
        #[test]
        fn a_small_number_is_the_one_of_its_text(text in texts(), other in texts()) {
            let number = big(&text);
            let Some(small) = Small::of(&number) else { return Ok(()) };
            prop_assert_eq!(small.to_big(), number.clone());
            prop_assert_eq!(small.to_string(), number.normalized().to_plain_string());
            if let Some(parsed) = Small::parse(&text) {
                prop_assert!(parsed == small, "{} {}", parsed, small);
            }
            if let Some(other) = Small::of(&big(&other)) {
                prop_assert_eq!(small.cmp(&other), number.cmp(&other.to_big()));
                prop_assert_eq!(small == other, number == other.to_big());
            }
            let float: f64 = text.parse().expect("it is a float");
            if let Some(quick) = small.as_f64() {
                // Zero has no sign.
                prop_assert_eq!(quick.to_bits(), (float + 0.0).to_bits());
            }
            let exact = BigDecimal::try_from(float).expect("it is finite") == number;
            prop_assert_eq!(small.as_exact_f64(), exact.then_some(float));
            if exact && small.is_short() {
                prop_assert_eq!(big(&float.to_string()), number);
            }
        }
    }

    #[test]
    fn what_is_not_plain_digits_is_left_to_others() {
        for text in ["", "-", "1.", ".5", "+1", "1e3", "1_0", " 1", "--1", "1.2.3", "٣", "1234567890123456789"] {
            assert!(Small::parse(text).is_none(), "{text}");
        }
        assert!(Small::parse("-0.0") == Some(0.into()) && Small::parse("007.50") == Some(Small::new(75, 1)));
    }

    #[test]
    fn most_numbers_need_nothing_of_the_large_ones() {
        assert!(Small::parse("12345678901234567") == Some(12_345_678_901_234_567.into()));
        assert!(Small::parse("-0.12345678901234567") == Some(Small::new(-12_345_678_901_234_567, 17)));
        let largest = 1_i64 << 53;
        for (digits, scale, float) in [
            (0, 0, Some(0.0)),
            (-25, 1, Some(-2.5)),
            (largest, 0, Some(9_007_199_254_740_992.0)),
            (largest + 1, 0, None),
        ] {
            assert_eq!(Small::new(digits, scale).as_f64(), float, "{digits}");
        }
        for (digits, scale, short) in
            [(0, 0, true), (-1, 18, true), (999_999_999_999_999, 3, true), (1_000_000_000_000_000, 0, false)]
        {
            assert_eq!(Small::new(digits, scale).is_short(), short, "{digits}");
        }
    }

    #[test]
    fn the_outermost_numbers_are_small() {
        for number in [i64::MIN, i64::MAX, 0] {
            let small = Small::from(number);
            assert!(Small::of(&small.to_big()) == Some(small) && small.as_i64() == Some(number));
        }
        let least = Small::new(1, 18);
        assert!(Small::of(&least.to_big()) == Some(least) && Small::of(&big("1e-19")).is_none());
        assert!(Small::from(i64::MIN) < least && least < Small::from(i64::MAX));
    }
}
