//! Writes the parts that msgpack is made of: lengths, texts and numbers.

use rmp::encode::{self as msgpack, ByteBuf};

use crate::value::{Number, ValueError, normal};

/// A piece of msgpack whose length the format can express.
pub(super) fn length(length: usize) -> Result<u32, ValueError> {
    u32::try_from(length).map_err(|_| ValueError::new("at most 4 GiB", "more"))
}

/// Runs a writer of the `rmp` crate, which cannot fail on a buffer in memory.
pub(super) fn write(bytes: &mut Vec<u8>, writer: impl FnOnce(&mut ByteBuf)) {
    let mut buffer = ByteBuf::from_vec(std::mem::take(bytes));
    writer(&mut buffer);
    *bytes = buffer.into_vec();
}

/// Terraform compares texts in normal form C.
pub(super) fn string(text: &str, bytes: &mut Vec<u8>) -> Result<(), ValueError> {
    let normal = normal(text);
    let size = length(normal.len())?;
    write(bytes, |out| _ = msgpack::write_str_len(out, size));
    bytes.extend_from_slice(normal.as_bytes());
    Ok(())
}

/// Writes a number as Terraform does: integers of 64 bits as such, fractions as floats where these are exact, all else
/// as decimal digits.
///
/// A larger whole number is never a float, exact or not: Terraform gives what comes as a float a precision of 53 bits,
/// and its state file then holds rounded digits. So does that of a fraction which has more digits than its float.
pub(super) fn number(number: &Number, bytes: &mut Vec<u8>) -> Result<(), ValueError> {
    if let Some(integer) = number.as_i64() {
        write(bytes, |out| _ = msgpack::write_sint(out, integer));
    } else if let Some(integer) = number.as_u64() {
        write(bytes, |out| _ = msgpack::write_uint(out, integer));
    } else if let Some(float) = number.as_exact_f64().filter(|float| !number.is_integer() && number.is_short(*float)) {
        write(bytes, |out| _ = msgpack::write_f64(out, float));
    } else {
        string(&number.to_string(), bytes)?;
    }
    Ok(())
}
