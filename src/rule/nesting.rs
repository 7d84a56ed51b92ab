//! How deep an expression nests: parsers that call themselves for each level must not be led down without end.

/// The deepest level of `(` and `[` in an expression, outside of quotes. A run of minus signs counts as levels, too.
pub(super) fn nesting(written: &str) -> usize {
    let (mut level, mut minuses, mut deepest) = (0_usize, 0_usize, 0_usize);
    let mut quote = None;
    for c in written.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => continue,
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[') => level += 1,
            (None, ')' | ']') => level = level.saturating_sub(1),
            _ => {}
        }
        minuses = match c {
            '-' | '!' => minuses + 1,
            c if c.is_whitespace() => minuses,
            _ => 0,
        };
        deepest = deepest.max(level + minuses);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels() {
        assert_eq!(nesting("//a[@href]/b"), 1);
        assert_eq!(nesting("((a)[b[c]])"), 3);
        assert_eq!(nesting("'((((' = \"[[\""), 0);
        assert_eq!(nesting("- - -1"), 3);
        assert_eq!(nesting(")))(("), 2);
    }
}
