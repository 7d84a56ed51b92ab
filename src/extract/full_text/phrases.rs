//! What is said beside articles, in the languages that most sites are written in.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// How asides begin.
const BEGINNINGS: &str = "read more|read also|also read|read next|read full|see also|see more|more on|more from|more stories|\
    related|recommended|you may also|you might also|share|follow us|follow |subscribe|sign up|sign in|\
    log in|advertisement|sponsored|copyright|©|(c)|all rights|click here|photo:|photo by|photo courtesy|\
    image:|image credit|image source|picture:|credit:|source:|getty|tags|filed under|topics|posted |\
    published|updated|last updated|by |written by|comments|leave a comment|leave a reply|join the|download|\
    watch:|watch now|watch |listen|print|email|next article|previous|most read|most popular|trending|latest|\
    newsletter|get the|get our|don't miss|don’t miss|skip|continue reading|this article was|this story was|\
    this post|originally published|about the author|contact|cookies|we use cookies|accept|close|menu|search|\
    home|table of contents|in this article|learn more|find out more|view |show |load more|report|have you|\
    do you have|got a tip|for more|editor's|editors'|image caption|media caption|enlarge|file photo|want |\
    loading|min read|reporting by|lesen sie|mehr zum|mehr dazu|mehr von|auch interessant|anzeige|werbung|\
    teilen|foto:|fotos:|bild:|quelle:|von |kommentare|jetzt |zum thema|weitere|drucken|artikel|\
    veröffentlicht|aktualisiert|mehr |hier |lesezeit|empfehlung|folgen sie|abonnieren|lire aussi|à lire|\
    a lire|lire la suite|partager|publié|mis à jour|par |abonnez|s'abonner|inscrivez|photo |crédit|\
    sur le même|plus d'|voir aussi|commentaires|suivez|recevez|article réservé|leer más|lee también|\
    lea también|le puede|te puede|más información|más en|compartir|publicado|actualizado|por |suscríbete|\
    síguenos|sigue |foto |fuente:|relacionad|ver más|comentarios|también le|también te|únete|recibe|\
    leggi anche|leggi |condividi|pubblicato|aggiornato|di |iscriviti|fonte:|approfondi|potrebbe|segui|\
    leia também|leia mais|compartilhe|publicidade|siga|veja também|saiba mais|assine|lees ook|lees meer|\
    deel|advertentie|bron:|meer |volg|läs också|läs mer|dela|les også|les mer|læs også|del |annons|annonse|\
    annonce|bild |lue myös|lue lisää|czytaj|zobacz|udostępnij|reklama|fot.|źródło|przeczytaj|polecamy|\
    citește|foto|читайте|читать|фото|источник|подпис|поделиться|реклама|смотрите|по теме|подробнее|\
    комментар|теги|опубликован|читати|джерело|підпис|також|devamını|paylaş|kaynak|ilgili|abone|haber|関連|写真|\
    シェア|続きを|広告|あわせて|相关|分享|图片|来源|责任编辑|责编|编辑|阅读|更多|推荐|相關|圖片|延伸閱讀|관련|공유|사진|기자|اقرأ|المصدر|شارك|مشاركة|بالصور|\
    यह भी|और पढ़ें|baca juga|simak|xem thêm|đọc thêm|ảnh:|theo |tin liên quan";

/// What asides are, as a whole.
const WHOLE: &str = "share|tweet|email|print|save|comments|comment|reply|like|follow|advertisement|ad|menu|search|home|close|\
    next|previous|back|top|more|related|tags|facebook|twitter|whatsapp|linkedin|copy link|link copied|\
    read more|see more|view all|show more|loading|loading...|subscribe|sign up|log in|sign in|login|\
    register|anzeige|werbung|teilen|publicité|partager|publicidad|compartir|pubblicità|condividi|\
    publicidade|reklama|annons|advertentie|реклама|-|•|/|·|x|×";

/// What is said where something from elsewhere is not shown, or about what readers agree to.
const CONSENT: &str = "externe inhalt|externen inhalt|externer inhalt|externer medieninhalt|personenbezogene daten|\
    redaktioneller inhalt|datenschutz|privatsphäre|einverstanden|cookie|consent|privacy policy|\
    privacy settings|personal data|personal information|opt-out|opting-out|opting out|terms of service|\
    terms of use|terms and conditions|enable javascript|javascript|your browser|ad blocker|adblock|\
    contenu externe|politique de confidentialité|données personnelles|contenido externo|\
    política de privacidad|datos personales|contenuti esterni|informativa|dati personali|zustimm|\
    toestemming|privacybeleid|samtycke|personuppgifter|zgod|recaptcha";

static CONSENT_FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(CONSENT.split('|')).ok());

/// Whether a text is about what readers agree to.
pub(super) fn is_consent(text: &str) -> bool {
    const LONG: usize = 900;
    text.len() < LONG && CONSENT_FINDER.as_ref().is_some_and(|finder| finder.is_match(text))
}

/// Characters of what is said on buttons and labels.
const LABEL: usize = 24;

/// The beginning of a text in small letters.
fn small(text: &str, most: usize) -> String {
    text.chars().take(most).flat_map(char::to_lowercase).collect()
}

/// How asides begin, by their first letters.
static BY_LETTER: LazyLock<HashMap<char, Vec<&str>>> = LazyLock::new(|| {
    let mut all: HashMap<char, Vec<&str>> = HashMap::new();
    for beginning in BEGINNINGS.split('|') {
        all.entry(beginning.chars().next().unwrap_or_default()).or_default().push(beginning);
    }
    all
});

/// Whether a text begins as what is said beside articles does.
pub(super) fn begins_aside(text: &str) -> bool {
    let start = small(text.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©' && c != '('), LABEL);
    let alike = start.chars().next().and_then(|letter| BY_LETTER.get(&letter));
    alike.is_some_and(|alike| alike.iter().any(|beginning| start.starts_with(beginning)))
}

/// Whether a text is nothing but a word of a button, or of a label.
pub(super) fn is_aside(text: &str) -> bool {
    static ALL: LazyLock<HashSet<&str>> = LazyLock::new(|| WHOLE.split('|').collect());
    if text.len() >= LABEL {
        return false;
    }
    let label = small(text.trim_end_matches([':', ' ']), LABEL);
    label == "|" || ALL.contains(label.as_str())
}
