//! Keeps the pages of other sites away from the admin interface and the page, which need no key.
//!
//! A browser on this machine reaches loopback addresses for every site that it shows. Two checks separate those sites from the
//! person: the `Host` header, which a site that lets its own name resolve to a loopback address (DNS rebinding) cannot
//! change, and, for requests that change something, the headers in which browsers say where a request comes from.
//! Programs send none of them.

use std::net::IpAddr;

use http::{HeaderMap, Method};

/// Returns why a request is refused. `None` if it is allowed.
pub(super) fn refusal(method: &Method, headers: &HeaderMap, allow_remote: bool) -> Option<&'static str> {
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host = header("host").unwrap_or_default();
    if !allow_remote && !host.is_empty() && !is_loopback(host) {
        return Some("The Host header names another machine. Use 127.0.0.1 or localhost.");
    }
    if method == Method::GET || method == Method::HEAD {
        return None;
    }
    let from_elsewhere = header("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none"))
        || header("origin").is_some_and(|origin| origin.strip_prefix("http://") != Some(host));
    from_elsewhere.then_some("The request comes from the page of another site.")
}

/// Whether the host of a `Host` header is this machine.
fn is_loopback(host: &str) -> bool {
    // The port follows the last colon, but an IPv6 address contains colons too, within its brackets.
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.to_ascii_lowercase();
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(&name);
    match address.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => name == "localhost" || name.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn is_allowed(method: &Method, headers: &[(&'static str, &'static str)], allow_remote: bool) -> bool {
        let headers =
            headers.iter().map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)));
        refusal(method, &headers.collect(), allow_remote).is_none()
    }

    #[test]
    fn only_this_machine_is_a_host() {
        for (host, allowed) in [
            ("127.0.0.1:8080", true),
            ("127.8.9.1", true),
            ("[::1]:8080", true),
            ("[::1]", true),
            ("localhost:1", true),
            ("LOCALHOST", true),
            ("simulator.localhost:8080", true),
            ("example.org:8080", false),
            ("127.0.0.1.example.org", false),
            ("localhost.example.org", false),
            ("10.0.0.7:8080", false),
            ("0.0.0.0:8080", false),
            ("[::1", false),
            ("127.0.0.1:x", false),
        ] {
            assert_eq!(is_allowed(&Method::GET, &[("host", host)], false), allowed, "{host}");
            assert!(is_allowed(&Method::GET, &[("host", host)], true), "{host}");
        }
    }

    #[test]
    fn a_change_comes_from_a_program_or_from_the_page_itself() {
        let from = |method: &Method, headers: &[(&'static str, &'static str)]| {
            let headers = [&[("host", "127.0.0.1:8080")], headers].concat();
            is_allowed(method, &headers, false) && is_allowed(method, &headers, true)
        };
        assert!(from(&Method::POST, &[]));
        assert!(from(&Method::POST, &[("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-origin")]));
        assert!(from(&Method::POST, &[("sec-fetch-site", "none")]));
        for header in [
            ("origin", "https://example.org"),
            ("origin", "http://127.0.0.1:8081"),
            ("origin", "http://localhost:8080"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                assert!(!from(&method, &[header]), "{method} {header:?}");
            }
            assert!(from(&Method::GET, &[header]), "{header:?}");
        }
    }
}
