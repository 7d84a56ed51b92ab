//! Which addresses are public: the table that the guard asks. Pure; nothing here connects or resolves.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

use crate::rule::Allowed;

/// IPv4 blocks that no public site has (IANA IPv4 Special-Purpose Address Registry, RFC 6890, and RFC 5771).
const NOT_PUBLIC_V4: [(Ipv4Net, &str); 16] = [
    (v4(0, 0, 0, 0, 8), "this network"),
    (v4(10, 0, 0, 0, 8), "private"),
    (v4(100, 64, 0, 0, 10), "shared by a provider's customers"),
    (v4(127, 0, 0, 0, 8), "loopback"),
    (v4(169, 254, 0, 0, 16), "link-local"),
    (v4(172, 16, 0, 0, 12), "private"),
    (v4(192, 0, 0, 0, 24), "for protocols"),
    (v4(192, 0, 2, 0, 24), "for documentation"),
    (v4(192, 31, 196, 0, 24), "for protocols"),
    (v4(192, 88, 99, 0, 24), "6to4 relay"),
    (v4(192, 168, 0, 0, 16), "private"),
    (v4(198, 18, 0, 0, 15), "for benchmarks"),
    (v4(198, 51, 100, 0, 24), "for documentation"),
    (v4(203, 0, 113, 0, 24), "for documentation"),
    (v4(224, 0, 0, 0, 4), "multicast"),
    (v4(240, 0, 0, 0, 4), "reserved"),
];

/// IPv6 blocks that no public site has (IANA IPv6 Special-Purpose Address Registry). The last one is everything that
/// is not global unicast today; those before it say why, or lie inside the global block.
const NOT_PUBLIC_V6: [(Ipv6Net, &str); 14] = [
    (v6([0, 0, 0, 0, 0, 0, 0, 0], 128), "unspecified"),
    (v6([0, 0, 0, 0, 0, 0, 0, 1], 128), "loopback"),
    (v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48), "local translation to IPv4"),
    (v6([0x100, 0, 0, 0, 0, 0, 0, 0], 64), "discarded"),
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), "private"),
    (v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), "link-local"),
    (v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10), "site-local"),
    (v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8), "multicast"),
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32), "Teredo tunnel"),
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), "for protocols"),
    (v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), "for documentation"),
    (v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), "6to4 tunnel"),
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), "for documentation"),
    (v6([0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0], 48), "for protocols"),
];

/// The part of IPv6 that is global unicast today (RFC 4291, section 2.4, and IANA's assignments).
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// The well-known prefix under which networks without IPv4 reach it (RFC 6052, section 2.1).
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);

/// What is wrong with connecting to `ip` at `port`; `None` if nothing is: it is public, or one of `allowed` covers it.
pub(super) fn objection(ip: IpAddr, port: u16, allowed: &[Allowed]) -> Option<&'static str> {
    // `::ffff:10.0.0.5` is 10.0.0.5: the same socket is opened, so the same rule holds.
    let ip = ip.to_canonical();
    not_public(ip).filter(|_| !allowed.iter().any(|entry| entry.covers(ip, port)))
}

/// Why `ip` is not public; `None` if it is.
fn not_public(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => not_public_v4(ip),
        IpAddr::V6(ip) => match embedded_v4(ip) {
            Some(inner) => not_public_v4(inner),
            None => not_public_v6(ip),
        },
    }
}

fn not_public_v4(ip: Ipv4Addr) -> Option<&'static str> {
    NOT_PUBLIC_V4.iter().find(|(net, _)| net.contains(&ip)).map(|(_, why)| *why)
}

fn not_public_v6(ip: Ipv6Addr) -> Option<&'static str> {
    let listed = NOT_PUBLIC_V6.iter().find(|(net, _)| net.contains(&ip)).map(|(_, why)| *why);
    listed.or_else(|| (!GLOBAL_V6.contains(&ip)).then_some("not global"))
}

/// The IPv4 address that a connection to `ip` ends at, where the prefix says so. 6to4 and Teredo carry one as well,
/// but no site of today lives behind them: they are refused whole.
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [.., a, b, c, d] = ip.octets();
    ip.to_ipv4_mapped().or_else(|| NAT64.contains(&ip).then(|| Ipv4Addr::new(a, b, c, d)))
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(segments: [u16; 8], prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::from_segments(segments), prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(ip: &str) -> Option<&'static str> {
        objection(ip.parse().unwrap(), 80, &[])
    }

    #[test]
    fn fault_04_ipv4_blocks_and_their_neighbours() {
        let refused = [
            ("0.0.0.0", "0.255.255.255"),
            ("10.0.0.0", "10.255.255.255"),
            ("100.64.0.0", "100.127.255.255"),
            ("127.0.0.0", "127.255.255.255"),
            ("169.254.0.0", "169.254.169.254"),
            ("172.16.0.0", "172.31.255.255"),
            ("192.0.0.0", "192.0.0.255"),
            ("192.0.2.0", "192.0.2.255"),
            ("192.31.196.0", "192.31.196.255"),
            ("192.88.99.0", "192.88.99.255"),
            ("192.168.0.0", "192.168.255.255"),
            ("198.18.0.0", "198.19.255.255"),
            ("198.51.100.0", "198.51.100.255"),
            ("203.0.113.0", "203.0.113.255"),
            ("224.0.0.0", "239.255.255.255"),
            ("240.0.0.0", "255.255.255.255"),
        ];
        for (first, last) in refused {
            assert!(reason(first).is_some() && reason(last).is_some(), "{first} to {last}");
        }
        for neighbour in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.1",
            "191.255.255.255",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.1",
            "198.17.255.255",
            "198.20.0.0",
            "198.51.99.255",
            "198.51.101.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "8.8.8.8",
        ] {
            assert_eq!(reason(neighbour), None, "{neighbour}");
        }
    }

    #[test]
    fn fault_03_ipv6_blocks_and_their_neighbours() {
        for refused in [
            "::",
            "::1",
            "::2",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "64:ff9b:1:2::808:808",
            "100::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::1",
            "2620:4f:8000::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
            "1fff::1",
        ] {
            assert!(reason(refused).is_some(), "{refused}");
        }
        for public in [
            "2000::1",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2003::1",
            "2606:4700:4700::1111",
            "2a00:1450::1",
            "2001:db7:ffff::1",
            "2001:db9::1",
            "3ffe::1",
            "64:ff9b::808:808",
            "::ffff:8.8.8.8",
        ] {
            assert_eq!(reason(public), None, "{public}");
        }
    }

    #[test]
    fn an_exception_covers_its_address_and_port_and_nothing_else() {
        let allowed = |written: &str| [Allowed::parse(written).unwrap()];
        let judge = |ip: &str, port, entry: &str| objection(ip.parse().unwrap(), port, &allowed(entry));
        assert_eq!(judge("10.0.0.5", 8080, "10.0.0.5:8080"), None);
        assert_eq!(judge("::ffff:10.0.0.5", 8080, "10.0.0.5:8080"), None);
        assert_eq!(judge("10.0.0.5", 80, "10.0.0.5:8080"), Some("private"));
        assert_eq!(judge("10.0.0.6", 8080, "10.0.0.5:8080"), Some("private"));
        assert_eq!(judge("10.0.0.6", 1, "10.0.0.0/24"), None);
        assert_eq!(judge("64:ff9b::a00:5", 8080, "10.0.0.5:8080"), Some("private"));
        assert_eq!(judge("::1", 80, "[::1]:80"), None);
        assert_eq!(judge("::2", 80, "[::1]:80"), Some("not global"));
    }
}
