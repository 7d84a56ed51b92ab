//! What gatekeepers' pages have in common, as data. Everything in small letters.

use super::glance::Glance;
use crate::webpage::Signs;

/// A header with which a gatekeeper says that this answer is its own, and a part of its value.
const HEADERS: [(&str, &str, &str); 7] = [
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-vercel-mitigated", "challenge", "Vercel"),
    ("x-vercel-mitigated", "deny", "Vercel"),
    ("x-amzn-waf-action", "challenge", "AWS WAF"),
    ("x-amzn-waf-action", "captcha", "AWS WAF"),
    ("x-dd-b", "", "DataDome"),
    ("x-sucuri-block", "", "Sucuri"),
];

/// Titles of challenges, whole or how they begin.
const TITLES: [(&str, &str); 24] = [
    ("just a moment...", "Cloudflare"),
    ("attention required! | cloudflare", "Cloudflare"),
    ("please wait... | cloudflare", "Cloudflare"),
    ("ddos-guard", "DDoS-Guard"),
    ("vercel security checkpoint", "Vercel"),
    ("pardon our interruption", "Imperva"),
    ("access to this page has been denied", "HUMAN"),
    ("human verification", "AWS WAF"),
    ("sucuri website firewall", "Sucuri"),
    ("you are being redirected...", "Sucuri"),
    ("making sure you're not a bot!", "Anubis"),
    ("client challenge", "Fastly"),
    ("robot challenge screen", "SiteGround"),
    ("one moment, please...", "Imunify360"),
    ("radware bot manager captcha", "Radware"),
    ("checking your browser", "an unknown gatekeeper"),
    ("robot check", "an unknown gatekeeper"),
    ("are you a robot?", "an unknown gatekeeper"),
    ("bot verification", "an unknown gatekeeper"),
    ("security checkpoint", "an unknown gatekeeper"),
    ("verify you are human", "an unknown gatekeeper"),
    ("verifying your browser", "an unknown gatekeeper"),
    ("captcha", "an unknown gatekeeper"),
    ("unusual traffic", "Google"),
];

/// What stands only in the markup of challenges; several texts are all there.
const MARKS: [(&[&str], &str); 48] = [
    (&["_cf_chl_opt"], "Cloudflare"),
    (&["/cdn-cgi/challenge-platform/", "/orchestrate/"], "Cloudflare"),
    (&["id=\"challenge-form\"", "__cf_chl"], "Cloudflare"),
    (&["cf-browser-verification"], "Cloudflare"),
    (&["cf-error-details", "cf-wrapper"], "Cloudflare"),
    (&["cf-challenge-running"], "Cloudflare"),
    (&["captcha-delivery.com"], "DataDome"),
    (&["vercel security checkpoint"], "Vercel"),
    (&["/.well-known/vercel/security/"], "Vercel"),
    (&["/_sec/cp_challenge/"], "Akamai"),
    (&["sec-if-cpt-container"], "Akamai"),
    (&["bm-verify="], "Akamai"),
    (&["errors.edgesuite.net", "access denied"], "Akamai"),
    (&["_incapsula_resource", "incident id"], "Imperva"),
    (&["_incapsula_resource", "id=\"main-iframe\""], "Imperva"),
    (&["_incapsula_resource", "noindex"], "Imperva"),
    (&["showblockpage()", "distil"], "Imperva"),
    (&["px-captcha"], "HUMAN"),
    (&["captcha.px-cdn.net"], "HUMAN"),
    (&["captcha.px-cloud.net"], "HUMAN"),
    (&["_pxappid", "_pxhostedcaptcha"], "HUMAN"),
    (&["token.awswaf.com", "challenge.js"], "AWS WAF"),
    (&["awswafintegration", "gokuprops"], "AWS WAF"),
    (&["captcha.awswaf.com"], "AWS WAF"),
    (&["sucuri_cloudproxy_js"], "Sucuri"),
    (&["sucuri.net/privacy-policy", "access denied"], "Sucuri"),
    (&["/.well-known/ddos-guard/"], "DDoS-Guard"),
    (&["check.ddos-guard.net"], "DDoS-Guard"),
    (&["/.within.website/x/cmd/anubis/"], "Anubis"),
    (&["id=\"anubis_challenge\""], "Anubis"),
    (&["go-away", "challenge", "/.well-known/.git.gammaspectra.live/"], "go-away"),
    (&["/149e9513-01fa-4fb0-aad4-566afd725d1b/"], "Kasada"),
    (&["window.kpsdk"], "Kasada"),
    (&["/_fs-ch-"], "Fastly"),
    (&["/.well-known/sgcaptcha/"], "SiteGround"),
    (&["imunify360", "wsidchk"], "Imunify360"),
    (&["bot-protection", "imunify360"], "Imunify360"),
    (&["captcha.perfdrive.com"], "Radware"),
    (&["validate.perfdrive.com"], "Radware"),
    (&["/.lsrecap/recaptcha"], "LiteSpeed"),
    (&["_____tmd_____", "punish"], "Alibaba"),
    (&["bobcmn", "tspd"], "F5"),
    (&["your support id is", "the requested url was rejected"], "F5"),
    (&["__qrator", "qauth"], "Qrator"),
    (&["rbzns", "winsocks"], "Reblaze"),
    (&["/sorry/index", "recaptcha"], "Google"),
    (&["wordfence", "your access to this site has been limited"], "Wordfence"),
    (&["turnstile", "challenges.cloudflare.com", "cf-turnstile", "verif"], "Cloudflare"),
];

/// A captcha that is all that a page has.
const CAPTCHAS: [(&str, &str); 4] = [
    ("class=\"g-recaptcha\"", "reCAPTCHA"),
    ("class=\"h-captcha\"", "hCaptcha"),
    ("class=\"cf-turnstile\"", "Cloudflare"),
    ("frc-captcha", "Friendly Captcha"),
];

/// Bytes of text on a page on which a captcha is all that there is.
const CAPTCHA_TEXT: usize = 600;

/// What pages say that want to know whether a person is there.
const QUESTIONS: [&str; 12] = [
    "verify you are human",
    "verify that you are human",
    "verify you're human",
    "you are not a robot",
    "you're not a robot",
    "are you a robot",
    "checking your browser",
    "enable javascript and cookies to continue",
    "unusual traffic from your",
    "complete the security check",
    "automated access to",
    "needs to review the security of your connection",
];

/// What pages say whose name is for sale.
const FOR_SALE: [&str; 12] = [
    "domain is for sale",
    "domain may be for sale",
    "domain name is for sale",
    "buy this domain",
    "this domain is parked",
    "parked free, courtesy of",
    "diese domain steht zum verkauf",
    "diese domain kaufen",
    "ce domaine est à vendre",
    "ce nom de domaine est à vendre",
    "este dominio está en venta",
    "домен продается",
];

/// Those who show such pages, by what is in their markup.
const PARKS: [&str; 9] = [
    "sedoparking.com",
    "parkingcrew.net",
    "parklogic.com",
    "d38psrni17bvxu.cloudfront.net",
    "img1.wsimg.com/parking-lander",
    "window.location.href=\"/lander\"",
    "hugedomains.com/domain_profile",
    "dan.com/buy-domain",
    "bodis.com",
];

/// Who says in the head of an answer that it is its own.
pub(super) fn of_head(signs: &Signs) -> Option<&'static str> {
    let is_it = |(name, value, _): &&(&str, &str, &str)| {
        let sent = signs.header(name);
        !sent.is_empty() && sent.contains(value)
    };
    HEADERS.iter().find(is_it).map(|(_, _, by)| *by)
}

/// Whose challenge a page is that has hardly anything else on it; `body` is its markup in small letters.
pub(super) fn of_page(glance: &Glance, body: &str) -> Option<&'static str> {
    let by_mark = MARKS.iter().find(|(marks, _)| marks.iter().all(|mark| body.contains(mark)));
    let by_title = || TITLES.iter().find(|(title, _)| glance.title.starts_with(title));
    let is_short = glance.is_bare && glance.text.len() < CAPTCHA_TEXT && !glance.has_password;
    let by_captcha = || CAPTCHAS.iter().find(|(mark, _)| is_short && body.contains(mark));
    by_mark.map(|(_, by)| *by).or_else(|| by_title().or_else(by_captcha).map(|(_, by)| *by))
}

/// Whether a bare page asks for a person, in whatever words.
pub(super) fn speaks_of_robots(glance: &Glance, body: &str) -> bool {
    glance.is_bare && QUESTIONS.iter().any(|question| glance.text.contains(question) || body.contains(question))
}

/// Whether a bare page says that its name is for sale.
pub(super) fn is_parked(glance: &Glance, body: &str) -> bool {
    let says_so = FOR_SALE.iter().any(|words| glance.text.contains(words) || glance.title.contains(words));
    glance.is_bare && (says_so || PARKS.iter().any(|park| body.contains(park)))
}

/// Whether a bare page wants consent before anything else.
pub(super) fn asks_for_consent(glance: &Glance) -> bool {
    const TITLES: [&str; 5] =
        ["before you continue", "bevor sie fortfahren", "bevor du fortfährst", "avant d'accéder", "avant de continuer"];
    const TEXTS: [&str; 4] = ["accept all cookies", "alle akzeptieren", "tout accepter", "aceptar todo"];
    let is_titled = TITLES.iter().any(|title| glance.title.contains(title) || glance.text.starts_with(title));
    glance.is_bare
        && (is_titled || glance.text.len() < CAPTCHA_TEXT && TEXTS.iter().any(|text| glance.text.contains(text)))
}
