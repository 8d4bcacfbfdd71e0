//! Prefixes of IP addresses in CIDR notation.

use std::fmt;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use super::TextType;

/// An IP address and how many of its bits name the network, for example `10.0.0.0/16`. `Cidr` alone is of either family,
/// `Cidr<Ipv4Addr>` and `Cidr<Ipv6Addr>` are of one.
///
/// The address may have bits beyond the prefix, as that of an interface has: `10.0.0.1/16` is not `10.0.0.0/16`, but their
/// [`network`](Self::network) is the same.
///
/// ```
/// use terraform_plugin::text::{Cidr, TextType as _};
///
/// let subnet = <Cidr>::parse("10.0.3.7/16").unwrap();
/// assert_eq!(subnet.prefix_length(), 16);
/// assert_eq!(subnet.network().to_string(), "10.0.0.0/16");
/// assert!(subnet.contains("10.0.255.1".parse().unwrap()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr<A = IpAddr> {
    address: A,
    length: u8,
}

/// An address of IPv4, of IPv6, or of either.
pub trait Address:
    sealed::Sealed + Copy + Ord + Hash + fmt::Debug + fmt::Display + FromStr + Send + Sync + 'static
{
}

mod sealed {
    pub trait Sealed: Sized {
        /// What its prefixes are, and an example.
        const PREFIX: [&'static str; 2];

        /// How many bits it has.
        fn bits(self) -> u8;

        /// The address with zeros after so many bits.
        fn masked(self, length: u8) -> Self;
    }
}

impl<A: Address> Cidr<A> {
    /// `None` if the address has fewer bits.
    #[must_use]
    pub fn new(address: A, prefix_length: u8) -> Option<Self> {
        (prefix_length <= address.bits()).then_some(Self { address, length: prefix_length })
    }

    /// The address, with all of its bits.
    #[must_use]
    pub fn address(&self) -> A {
        self.address
    }

    /// How many bits name the network.
    #[must_use]
    pub fn prefix_length(&self) -> u8 {
        self.length
    }

    /// The network: the same with zeros for the other bits.
    #[must_use]
    pub fn network(&self) -> Self {
        Self { address: self.address.masked(self.length), length: self.length }
    }

    /// Whether an address is one of the network.
    #[must_use]
    pub fn contains(&self, address: A) -> bool {
        address.bits() == self.address.bits() && address.masked(self.length) == self.address.masked(self.length)
    }
}

impl<A: Address> fmt::Display for Cidr<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

impl<A: Address> TextType for Cidr<A> {
    fn requirement() -> String {
        let [prefix, example] = A::PREFIX;
        format!("must be an {prefix} prefix in CIDR notation, for example \"{example}\"")
    }

    fn parse(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        // Neither a sign nor a zero in front.
        let number: u8 = length.parse().ok().filter(|number: &u8| number.to_string() == length)?;
        Self::new(address.parse().ok()?, number)
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}

/// The addresses of one family.
macro_rules! family {
    ($address:ident, $bits:literal: $prefix:expr) => {
        impl Address for $address {}

        impl sealed::Sealed for $address {
            const PREFIX: [&'static str; 2] = $prefix;

            fn bits(self) -> u8 {
                $bits
            }

            fn masked(self, length: u8) -> Self {
                let rest = Self::BITS - u32::from(length).min(Self::BITS);
                // All bits at once would be too many to shift by.
                Self::from_bits(self.to_bits().checked_shr(rest).unwrap_or(0).checked_shl(rest).unwrap_or(0))
            }
        }
    };
}

family!(Ipv4Addr, 32: ["IPv4", "10.0.0.0/16"]);
family!(Ipv6Addr, 128: ["IPv6", "2001:db8::/32"]);

impl Address for IpAddr {}

impl sealed::Sealed for IpAddr {
    const PREFIX: [&'static str; 2] = ["IP", "10.0.0.0/16"];

    fn bits(self) -> u8 {
        match self {
            Self::V4(address) => address.bits(),
            Self::V6(address) => address.bits(),
        }
    }

    fn masked(self, length: u8) -> Self {
        match self {
            Self::V4(address) => address.masked(length).into(),
            Self::V6(address) => address.masked(length).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::check;
    use super::*;

    #[test]
    fn prefixes_are_compared_by_address_and_length() {
        let four: &[&[&str]] = &[&["10.0.0.0/8"], &["10.0.0.0/16"], &["10.0.0.1/16"], &["0.0.0.0/0"], &["10.0.0.1/32"]];
        let six: &[&[&str]] =
            &[&["2001:db8::/32", "2001:DB8:0::/32"], &["2001:db8::1/32"], &["::/0"], &["::1/128", "0:0::1/128"]];
        let neither = [
            "",
            "10.0.0.0",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/08",
            "10.0.0.0/+8",
            "10.0.0.0/-1",
            "10.0.0/8",
            "/8",
            "::1/",
        ];
        check::<Cidr<Ipv4Addr>>(four, &[&neither[..], six[0]].concat());
        check::<Cidr<Ipv6Addr>>(six, &[&neither[..], four[0]].concat());
        check::<Cidr>(&[four, six].concat(), &neither);
        assert_eq!(<Cidr>::requirement(), "must be an IP prefix in CIDR notation, for example \"10.0.0.0/16\"");
    }

    #[test]
    fn a_network_holds_the_addresses_that_begin_like_it() {
        let prefix = |text| <Cidr>::parse(text).expect("it is a prefix");
        for (subnet, network, inside, outside) in [
            ("10.1.2.3/16", "10.1.0.0/16", "10.1.255.255", "10.2.0.0"),
            ("10.1.2.3/0", "0.0.0.0/0", "255.0.0.1", "::1"),
            ("10.1.2.3/32", "10.1.2.3/32", "10.1.2.3", "10.1.2.2"),
            ("2001:db8:ff::1/33", "2001:db8::/33", "2001:db8:7fff::", "2001:db8:8000::"),
            ("::1/128", "::1/128", "::1", "0.0.0.1"),
        ] {
            let subnet = prefix(subnet);
            assert_eq!(subnet.network(), prefix(network));
            let contains = |text: &str| subnet.contains(text.parse().expect("it is an address"));
            assert!(contains(inside) && !contains(outside), "{subnet}");
        }
        let lengths = ["10.1.2.3/16", "0.0.0.0/0", "::1/128"].map(|text| prefix(text).prefix_length());
        assert_eq!(lengths, [16, 0, 128]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_prefix_survives_as_a_text(bits: u128, length in 0_u8..=130) {
            let prefix = Cidr::new(Ipv6Addr::from_bits(bits), length);
            prop_assert_eq!(prefix.is_some(), length <= 128);
            if let Some(prefix) = prefix {
                prop_assert_eq!(Cidr::parse(&prefix.to_text()), Some(prefix));
                prop_assert!(prefix.contains(prefix.network().address()) && prefix.network().contains(prefix.address()));
            }
        }
    }
}
