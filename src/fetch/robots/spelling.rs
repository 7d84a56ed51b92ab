//! The one spelling in which paths of addresses and of rules are compared (RFC 9309, section 2.2.2).
//!
//! What need not be percent-encoded is decoded, what must be is encoded, hexadecimal digits are capitals. `*` and `$` of
//! an address are encoded, since in a rule they have a meaning (section 2.2.3). Within a query, `:` and `/` are the same
//! written either way, as the table of section 2.2.2 has it; within a path they are not.

/// What a path is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// An address.
    Address,
    /// A rule: `*` stays as it is, and `$` at its end.
    Rule,
}

/// `written` in its one spelling.
pub(super) fn spelled(written: &[u8], part: Part) -> String {
    let mut spelled = String::with_capacity(written.len());
    let mut is_query = false;
    let mut rest = written;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let coded = if byte == b'%' { decoded(after) } else { None };
        if coded.is_some() {
            rest = after.get(2..).unwrap_or_default();
        }
        match (byte, coded) {
            (_, Some(byte)) if is_unreserved(byte) || is_query && matches!(byte, b':' | b'/') => {
                spelled.push(char::from(byte));
            }
            (_, Some(byte)) => encode(byte, &mut spelled),
            (b'*', None) if part == Part::Rule => spelled.push('*'),
            (b'$', None) if part == Part::Rule && rest.is_empty() => spelled.push('$'),
            (b'*' | b'$', None) => encode(byte, &mut spelled),
            (byte, None) if byte == b'%' || is_unreserved(byte) || is_reserved(byte) => {
                is_query |= byte == b'?';
                spelled.push(char::from(byte));
            }
            (byte, None) => encode(byte, &mut spelled),
        }
    }
    spelled
}

/// The byte that two hexadecimal digits at the front of `digits` stand for.
fn decoded(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

fn encode(byte: u8, spelled: &mut String) {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('0');
    spelled.extend(['%', digit(byte >> 4), digit(byte & 15)]);
}

/// RFC 3986, section 2.3.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// RFC 3986, section 2.2.
fn is_reserved(byte: u8) -> bool {
    b":/?#[]@!&'()+,;=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_53_the_table_of_section_2_2_2() {
        for (written, expected) in [
            ("/foo/bar?baz=quz", "/foo/bar?baz=quz"),
            ("/foo/bar?baz=http://foo.bar", "/foo/bar?baz=http://foo.bar"),
            ("/foo/bar?baz=http%3A%2F%2Ffoo.bar", "/foo/bar?baz=http://foo.bar"),
            ("/foo/bar/\u{30c4}", "/foo/bar/%E3%83%84"),
            ("/foo/bar/%E3%83%84", "/foo/bar/%E3%83%84"),
            ("/foo/bar/%e3%83%84", "/foo/bar/%E3%83%84"),
            ("/foo/bar/%62%61%7A", "/foo/bar/baz"),
            ("/a%2fb", "/a%2Fb"),
            ("/a%3Ab", "/a%3Ab"),
            ("/~a%7Eb%zz%4", "/~a~b%zz%4"),
            ("/a b<>\"", "/a%20b%3C%3E%22"),
        ] {
            for part in [Part::Address, Part::Rule] {
                assert_eq!(spelled(written.as_bytes(), part), expected, "{written}");
            }
        }
    }

    #[test]
    fn fault_53_signs_with_a_meaning_have_it_in_rules_only() {
        assert_eq!(spelled(b"/*a$b$", Part::Rule), "/*a%24b$");
        assert_eq!(spelled(b"/*a$b$", Part::Address), "/%2Aa%24b%24");
        assert_eq!(spelled(b"/%2a%24", Part::Rule), "/%2A%24");
    }
}
