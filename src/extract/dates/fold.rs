//! Texts as they are compared: small letters, no accents, plain digits. What two people write differently and mean alike
//! becomes the same here.

use icu_normalizer::DecomposingNormalizerBorrowed;

/// `text` in small letters, without accents, with digits 0 to 9 and one kind of dash.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd();
    let small = text.chars().flat_map(char::to_lowercase);
    decomposed.normalize_iter(small).filter_map(plain).collect()
}

/// The plain form of a character; `None` if it only marks the one before it.
fn plain(c: char) -> Option<char> {
    match c {
        // Accents; the dot of Hindi letters; the vowels of Arabic and Hebrew; marks of direction; joiners.
        '\u{300}'..='\u{36f}'
        | '\u{93c}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{640}'
        | '\u{591}'..='\u{5c7}'
        | '\u{200d}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}'
        | '\u{ad}' => None,
        'ı' => Some('i'),
        'ł' => Some('l'),
        'ø' => Some('o'),
        'đ' => Some('d'),
        'ς' => Some('σ'),
        // Persian and Arabic keyboards have different letters for the same sound.
        'ی' | 'ى' => Some('ي'),
        'ک' => Some('ك'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`' | '´' | '׳' => Some('\''),
        '\u{2044}' => Some('/'),
        '、' | '،' => Some(','),
        '。' | '॰' => Some('.'),
        c => Some(digit(c).unwrap_or(c)),
    }
}

/// The digits of other scripts, each of which counts from its own zero.
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 17] = [
        0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
        0x17e0, 0x1810,
    ];
    let zero = ZEROS.into_iter().find(|zero| (*zero..zero + 10).contains(&u32::from(c)))?;
    char::from_digit(u32::from(c) - zero, 10)
}

/// Whether words of this letter's script follow each other without spaces, or grow together with numbers.
pub(super) fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}'           // Thai, Lao
        | '\u{1100}'..='\u{11ff}'       // Hangul, decomposed
        | '\u{3005}'..='\u{30ff}'       // Kana
        | '\u{3400}'..='\u{9fff}'       // Han
        | '\u{f900}'..='\u{faff}'
        | '\u{1000}'..='\u{109f}'       // Burmese
        | '\u{1780}'..='\u{17ff}'       // Khmer
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_alike_becomes_the_same() {
        for (one, other) in [
            ("KASIM", "kasım"),
            ("İyun", "iyun"),
            ("Décembre", "DECEMBRE"),
            ("śro", "SRO"),
            ("٢٠١٨", "2018"),
            ("２０１８年", "2018年"),
            ("अक्तूबर २", "अक्तूबर 2"),
            ("ΜΆΡΤΙΟΣ", "μαρτιος"),
            ("أغسطس", "اغسطس"),
            ("10 – 12", "10 - 12"),
            ("2º", "2o"),
        ] {
            assert_eq!(fold(one), fold(other));
        }
        assert_ne!(fold("जून"), fold("जन"));
    }
}
