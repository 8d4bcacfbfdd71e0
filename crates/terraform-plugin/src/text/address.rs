//! IP addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::TextType;

/// The standard library reads them, and writes IPv6 as RFC 5952 wants it.
macro_rules! addresses {
    ($($address:ident: $requirement:literal;)*) => {$(
        impl TextType for $address {
            fn requirement() -> String {
                $requirement.to_owned()
            }

            fn parse(text: &str) -> Option<Self> {
                text.parse().ok()
            }

            fn to_text(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

addresses! {
    IpAddr: "must be an IP address";
    Ipv4Addr: "must be an IPv4 address, for example \"192.0.2.1\"";
    Ipv6Addr: "must be an IPv6 address, for example \"2001:db8::1\"";
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn addresses_are_compared_by_what_they_are() {
        let four: &[&[&str]] = &[&["192.0.2.1"], &["0.0.0.0"], &["255.255.255.255"]];
        let six: &[&[&str]] = &[
            &["2001:db8::1", "2001:DB8::1", "2001:0db8:0:0:0:0:0:1", "2001:db8:0:0::1"],
            &["::", "0::0", "0:0:0:0:0:0:0:0"],
            &["::ffff:192.0.2.1", "::FFFF:c000:201"],
        ];
        let neither =
            ["", "192.0.2", "192.0.2.01", "192.0.2.256", " ::1", "::1 ", "fe80::1%eth0", "[::1]", "1", "a.example"];
        check::<Ipv4Addr>(four, &[&neither[..], six[0]].concat());
        check::<Ipv6Addr>(six, &[&neither[..], four[0]].concat());
        check::<IpAddr>(&[four, six].concat(), &neither);
    }
}
