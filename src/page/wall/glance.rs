//! What is seen of a page at a glance. Where there is much to see, no more than that is looked at.

use std::sync::LazyLock;

use scraper::{ElementRef, Selector};

use crate::page::Document;
use crate::page::allowance::Allowance;
use crate::page::text::line_start;
use crate::weburl::WebUrl;

/// Links of a page that is still bare: a gatekeeper's imprint, help and languages.
const LINKS: usize = 12;

/// Bytes of its text: an explanation, perhaps in several languages.
const TEXT: usize = 2_500;

/// What is seen of a page.
pub(super) struct Glance {
    /// The page's title, in small letters.
    pub(super) title: String,
    /// The beginning of its text, in small letters; empty unless the page is bare.
    pub(super) text: String,
    /// Whether there is hardly a link and hardly a text on it.
    pub(super) is_bare: bool,
    /// Whether it asks for a password.
    pub(super) has_password: bool,
    /// Where the page sends its reader by itself.
    pub(super) sends_on_to: Option<WebUrl>,
}

impl Glance {
    pub(super) fn at(document: &Document) -> Self {
        static TITLE: LazyLock<Option<Selector>> = LazyLock::new(|| Selector::parse("head > title").ok());
        static LINK: LazyLock<Option<Selector>> = LazyLock::new(|| Selector::parse("a[href]").ok());
        static PASSWORD: LazyLock<Option<Selector>> =
            LazyLock::new(|| Selector::parse("input[type='password' i]").ok());
        static NOSCRIPT: LazyLock<Option<Selector>> = LazyLock::new(|| Selector::parse("noscript").ok());
        static REFRESH: LazyLock<Option<Selector>> =
            LazyLock::new(|| Selector::parse("meta[http-equiv='refresh' i]").ok());
        let root = document.root();
        let all = |selector: &'static LazyLock<Option<Selector>>| selector.iter().flat_map(move |css| root.select(css));
        let title = all(&TITLE).next().map(|title| title.text().collect::<String>()).unwrap_or_default();
        let has_few_links = all(&LINK).nth(LINKS).is_none();
        let text =
            if has_few_links { line_start(root, TEXT, &Allowance::default()).to_lowercase() } else { String::new() };
        // Where scripts draw the page, its text may well stand here for those who run none.
        let unscripted: usize = all(&NOSCRIPT).flat_map(|part| part.text()).map(str::len).take(TEXT).sum();
        let sends_on_to = all(&REFRESH).find_map(|meta| {
            let (_, to) = meta.attr("content")?.split_once('=')?;
            document.base().join(to.trim().trim_matches(['\'', '"'])).ok()
        });
        Self {
            title: title.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(),
            is_bare: has_few_links && text.len() + unscripted < TEXT,
            text,
            has_password: all(&PASSWORD).any(|input| !is_hidden(input)),
            sends_on_to,
        }
    }

    /// Whether the page asks for a password and calls itself a log-in.
    pub(super) fn is_titled_log_in(&self) -> bool {
        const WORDS: [&str; 22] = [
            "log in",
            "login",
            "log-in",
            "sign in",
            "signin",
            "sign-in",
            "log on",
            "anmelden",
            "anmeldung",
            "einloggen",
            "connexion",
            "se connecter",
            "identifiez-vous",
            "iniciar sesión",
            "acceder",
            "accedi",
            "inloggen",
            "logga in",
            "вход",
            "войти",
            "登录",
            "ログイン",
        ];
        self.has_password && WORDS.iter().any(|word| self.title.contains(word))
    }
}

/// Whether an element is there for scripts and password managers only.
fn is_hidden(element: ElementRef<'_>) -> bool {
    let hides = |element: ElementRef<'_>| {
        let style = element.attr("style").unwrap_or_default().replace(' ', "");
        element.attr("hidden").is_some() || style.contains("display:none") || style.contains("visibility:hidden")
    };
    hides(element) || element.ancestors().filter_map(ElementRef::wrap).any(hides)
}
