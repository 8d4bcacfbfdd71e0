//! Numbers of any size and precision.

mod small;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, RoundingMode, ToPrimitive};

use self::small::Small;
use super::ValueError;

/// Numbers that would take more than this, written without an exponent, are refused: a text of a few bytes could
/// otherwise ask for gigabytes.
const MAX_TEXT: usize = 4096;

/// The precision of Terraform's numbers. What it cuts to this would come back as another number, so it is refused.
const BITS: u64 = 512;

/// Numbers of up to this many significant digits have room in those bits, whatever the digits are.
const SAFE_DIGITS: u64 = 153;

/// No number of those bits needs more digits than this.
const MOST_DIGITS: u64 = 156;

/// A message shows a number of up to this many characters as it is: all those of 64 bits have fewer.
const LONGEST_PLAIN: usize = 20;

/// A number of any size, as Terraform has them: 512 bits, read and written as the shortest decimal that stands for them.
/// Compared by value: `1.0` equals `1`.
#[derive(Clone, PartialEq, Eq)]
pub struct Number(Form);

/// What is a small number always has that form.
#[derive(Clone, PartialEq, Eq)]
enum Form {
    Small(Small),
    Large(Box<BigDecimal>),
}

impl Number {
    fn new(number: BigDecimal) -> Self {
        Self(Small::of(&number).map_or_else(|| Form::Large(Box::new(number)), Form::Small))
    }

    fn small(&self) -> Option<Small> {
        if let Form::Small(small) = self.0 { Some(small) } else { None }
    }

    fn big(&self) -> Cow<'_, BigDecimal> {
        match &self.0 {
            Form::Small(small) => Cow::Owned(small.to_big()),
            Form::Large(number) => Cow::Borrowed(&**number),
        }
    }

    /// The number, if it is a whole one of 64 bits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.small()?.as_i64()
    }

    /// The number, if it is a whole one of 64 bits that is not negative.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Form::Small(small) => small.as_i64()?.try_into().ok(),
            Form::Large(number) => number.is_integer().then(|| number.to_u64()).flatten(),
        }
    }

    /// Whether the number is a whole one.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Form::Small(small) => small.as_i64().is_some(),
            Form::Large(number) => number.is_integer(),
        }
    }

    /// Whether the number is a whole multiple of another one, exactly. Only 0 is one of 0.
    #[must_use]
    pub fn is_multiple_of(&self, other: &Self) -> bool {
        let zero = BigDecimal::from(0);
        let (number, other) = (self.big(), other.big());
        if *other == zero { *number == zero } else { &*number % &*other == zero }
    }

    /// The nearest number that 64 bits of floating point can hold; infinite when there is none.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        if let Some(float) = self.small().and_then(Small::as_f64) {
            return float;
        }
        // The standard library rounds decimal text correctly; the conversion of `BigDecimal` only comes near.
        let (digits, exponent) = self.big().as_bigint_and_exponent();
        format!("{digits}e{}", -exponent).parse().unwrap_or(f64::NAN)
    }

    /// The number, if it is exactly one that 64 bits of floating point can hold.
    #[must_use]
    pub fn as_exact_f64(&self) -> Option<f64> {
        if let Some(small) = self.small() {
            return small.as_exact_f64();
        }
        let float = self.as_f64();
        let exact = Self::exactly(float).ok()? == *self;
        exact.then_some(float)
    }

    /// Whether this is the shortest decimal of a float that it is exactly.
    pub(crate) fn is_short(&self, float: f64) -> bool {
        self.small().is_some_and(Small::is_short) || Self::try_from(float).is_ok_and(|short| short == *self)
    }

    /// The number for a message: with an exponent if that is much shorter than all its digits.
    pub(crate) fn compact(&self) -> String {
        let plain = self.to_string();
        if plain.len() <= LONGEST_PLAIN {
            return plain;
        }
        let (digits, scale) = self.big().normalized().into_bigint_and_exponent();
        let short = format!("{digits}e{}", -scale);
        if short.len() < plain.len() { short } else { plain }
    }

    /// The number that a float stands for to the last bit: 0.1 is not one tenth then, and so not what Terraform compares.
    pub(crate) fn exactly(float: f64) -> Result<Self, ValueError> {
        let number = BigDecimal::try_from(float).map_err(|_| no_number())?.normalized();
        if is_kept(&number) { Ok(Self::new(number)) } else { Err(too_long()) }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Form::Small(one), Form::Small(other)) => one.cmp(other),
            _ => self.big().cmp(&other.big()),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Whether Terraform, which holds a number as 512 bits, writes it with the same digits again.
fn is_kept(number: &BigDecimal) -> bool {
    if number.digits() <= SAFE_DIGITS || number.digits() > MOST_DIGITS {
        return number.digits() <= SAFE_DIGITS;
    }
    let (held, scale) = (held(number), number.fractional_digit_count());
    let rounded = |scale| held.with_scale_round(scale, RoundingMode::HalfEven);
    // The shortest decimal is written: this one, unless it is not the nearest or one digit less is enough.
    rounded(scale) == *number && self::held(&rounded(scale - 1)) != held
}

/// The nearest number of 512 bits.
fn held(number: &BigDecimal) -> BigDecimal {
    let two_to = |power: i64| match u32::try_from(power.unsigned_abs()).unwrap_or(u32::MAX) {
        positive if power >= 0 => BigDecimal::from(BigInt::from(2).pow(positive)),
        negative => BigDecimal::new(BigInt::from(5).pow(negative), negative.into()),
    };
    let whole = |shift: i64, rounding| (number * two_to(shift)).with_scale_round(0, rounding);
    let missing = |bits: u64| i64::try_from(BITS).unwrap_or(0) - i64::try_from(bits).unwrap_or(0);
    // Near enough for a first step: a decimal digit is about 3.3 bits.
    let (digits, scale) = number.as_bigint_and_exponent();
    let near = missing(digits.bits()) + scale * 10 / 3;
    let shift = near + missing(whole(near, RoundingMode::Down).as_bigint_and_exponent().0.bits());
    whole(shift, RoundingMode::HalfEven) * two_to(-shift)
}

fn too_long() -> ValueError {
    ValueError::new("a number", "one of more digits than a number may have")
}

fn no_number() -> ValueError {
    ValueError::new("a number", "infinity, or what is not a number")
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Form::Small(value.into()))
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        i64::from(value).into()
    }
}

impl From<u32> for Number {
    fn from(value: u32) -> Self {
        i64::from(value).into()
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or_else(|_| Self::new(value.into()), Self::from)
    }
}

impl TryFrom<f64> for Number {
    type Error = ValueError;

    /// Every finite number is taken as its shortest decimal: 0.1 is one tenth. That is what a person or an API meant,
    /// and what a state keeps; the exact value of the float would come back from the state as a change.
    fn try_from(value: f64) -> Result<Self, ValueError> {
        if value.is_finite() { value.to_string().parse() } else { Err(no_number()) }
    }
}

impl FromStr for Number {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if let Some(small) = Small::parse(text) {
            return Ok(Self(Form::Small(small)));
        }
        let wrong = || ValueError::new("a number", "a text that is not one");
        if text.len() > MAX_TEXT {
            return Err(too_long());
        }
        // `BigDecimal` takes these too.
        if text.contains('_') {
            return Err(wrong());
        }
        if let Some((_, exponent)) = text.split_once(['e', 'E']) {
            let exponent: i64 = exponent.parse().map_err(|_| wrong())?;
            if usize::try_from(exponent.unsigned_abs()).map_or(true, |exponent| exponent > MAX_TEXT) {
                return Err(too_long());
            }
        }
        let number = BigDecimal::from_str(text).map_err(|_| wrong())?.normalized();
        if !is_kept(&number) {
            return Err(too_long());
        }
        // What is read must also be readable once it was written, without an exponent.
        if number.to_plain_string().len() > MAX_TEXT { Err(too_long()) } else { Ok(Self::new(number)) }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Small(small) => small.fmt(f),
            Form::Large(number) => f.write_str(&number.normalized().to_plain_string()),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().expect("the text is a number")
    }

    #[test]
    fn numbers_are_compared_by_value() {
        assert_eq!(number("1.0"), Number::from(1_i64));
        assert_eq!(number("1e3"), number("1000"));
        assert!(number("-0.5") < number("0"));
    }

    #[test]
    fn whole_numbers_are_distinguished_from_fractions() {
        assert_eq!(number("2.000").as_i64(), Some(2));
        assert_eq!(number("2.5").as_i64(), None);
        assert_eq!(number("9223372036854775808").as_i64(), None);
        assert_eq!(number("9223372036854775808").as_u64(), Some(1 << 63));
        assert!(number("2.000").is_integer() && number("1e400").is_integer());
        assert!(!number("2.5").is_integer() && !number(&format!("0.{}", "3".repeat(100))).is_integer());
    }

    #[test]
    fn a_multiple_is_exact_also_of_fractions_and_only_zero_is_one_of_zero() {
        for (one, other, expected) in [
            ("6", "3", true),
            ("7", "3", false),
            ("3", "6", false),
            ("0.3", "0.1", true),
            ("0.35", "0.1", false),
            ("0", "5", true),
            ("0", "0", true),
            ("1", "0", false),
        ] {
            assert_eq!(number(one).is_multiple_of(&number(other)), expected, "{one} of {other}");
        }
    }

    #[test]
    fn a_message_has_the_shorter_form_of_a_long_number() {
        let (digits, long) = ("123456789".repeat(12), "123456789012345678900");
        for (text, expected) in
            [("12", "12"), ("1e100", "1e100"), ("-1.5e100", "-15e99"), (&digits, &digits), (long, long)]
        {
            assert_eq!(number(text).compact(), expected);
        }
    }

    #[test]
    fn a_short_number_is_the_shortest_decimal_of_its_float() {
        assert!(number("0.1").is_short(0.1) && number("1e30").is_short(1e30));
        assert!(!Number::exactly(0.1).expect("it is finite").is_short(0.1));
        assert!(!number(&format!("0.{}", "3".repeat(100))).is_short(1.0 / 3.0));
    }

    #[test]
    fn only_exact_floats_are_floats() {
        assert_eq!(number("0.5").as_exact_f64(), Some(0.5));
        assert_eq!(number("0.1").as_exact_f64(), None);
        assert_eq!(number("1e400").as_exact_f64(), None);
        let tenth = Number::exactly(0.1).expect("it is finite");
        assert_eq!(tenth.to_string(), "0.1000000000000000055511151231257827021181583404541015625");
        assert_eq!(tenth.as_exact_f64(), Some(0.1));
    }

    #[test]
    fn floats_mean_what_they_print() {
        for (float, text) in [(0.1, "0.1"), (-1.5e-7, "-0.00000015"), (1e22, "10000000000000000000000"), (-0.0, "0")] {
            let read = Number::try_from(float).expect("it is finite");
            assert_eq!(read, number(text));
            assert_eq!(read.as_f64().total_cmp(&(float + 0.0)), std::cmp::Ordering::Equal);
        }
        for float in [f64::MAX, f64::MIN_POSITIVE, 5e-324] {
            assert_eq!(Number::try_from(float).expect("it is finite").as_f64().to_bits(), float.to_bits());
        }
        for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(Number::try_from(float).is_err() && Number::exactly(float).is_err());
        }
    }

    #[test]
    fn what_is_read_can_be_read_again() {
        assert_eq!(number(&format!("0e{MAX_TEXT}")), number("0"));
        let longest = [format!("1e{}", MAX_TEXT - 1), format!("1e-{}", MAX_TEXT - 2), "9".repeat(153)];
        for text in &longest {
            assert_eq!(number(&number(text).to_string()), number(text));
        }
        for text in [format!("1e{MAX_TEXT}"), format!("1e-{}", MAX_TEXT - 1), format!("9e{MAX_TEXT}")] {
            assert!(text.parse::<Number>().is_err(), "{text}");
        }
    }

    /// The numbers are from Go's `big.Float` of 512 bits, and so is whether its shortest text has the same digits.
    #[test]
    fn what_terraform_would_cut_is_refused() {
        for line in include_str!("number_digits.txt").lines() {
            let (text, kept) = line.split_once(' ').expect("a number and a verdict");
            assert_eq!(text.parse::<Number>().is_ok(), kept == "true", "{text}");
        }
        let third = format!("0.{}", "3".repeat(154));
        assert!(third.parse::<Number>().is_ok() && format!("{third}3333").parse::<Number>().is_err());
    }

    #[test]
    fn what_would_fill_the_memory_is_refused() {
        for text in ["1e999999999", "1e-999999999", "1e99999999999999999999", &"9".repeat(5000), "1e4096"] {
            assert!(text.parse::<Number>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", " 1", "1 ", "1_000", "1e", "e1", "x", "0x10", "1.2.3", "--1", ".", "inf", "NaN"] {
            assert!(text.parse::<Number>().is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_print_plainly() {
        assert_eq!(number("1e20").to_string(), "100000000000000000000");
        assert_eq!(number("1.50").to_string(), "1.5");
    }
}
