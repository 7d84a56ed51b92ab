use super::*;
use crate::webpage::Validators;

fn page(signs: Signs, body: &str) -> Page {
    let url = WebUrl::parse("https://mill.example/news/").unwrap();
    let content_type = Some("text/html".to_owned());
    Page { url, content_type, body: body.to_owned().into(), validators: Validators::default(), fresh_for: None, signs }
}

fn seen(signs: Signs, body: &str) -> Option<Wall> {
    let page = page(signs, body);
    let document = Document::parse(body, page.url.clone()).unwrap();
    wall(&page, Some(&document), &page.url)
}

fn ok() -> Signs {
    Signs { status: 200, ..Signs::default() }
}

fn by(wall: Option<Wall>) -> Option<String> {
    match wall? {
        Wall { what: Drift::Challenge { by }, is_sure: true } => Some(by),
        _ => None,
    }
}

/// An ordinary page with this in it.
fn ordinary(part: &str) -> String {
    let rows: String =
        (0..20).map(|n| format!("<li><a href=/n/{n}>The goose and sack {n}</a> came by.</li>")).collect();
    format!("<title>The Mill Times</title><ul>{rows}</ul>{part}")
}

const CLOUDFLARE: &str = "<title>Just a moment...</title><script>window._cf_chl_opt={cvId:'3'};</script>\
    <noscript>Enable JavaScript and cookies to continue</noscript>";

#[test]
fn challenges_are_named_by_their_page() {
    for (expected, body) in [
        ("Cloudflare", CLOUDFLARE),
        ("Cloudflare", "<script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script>"),
        ("DataDome", "<title>mill.example</title><script>var dd={'rt':'c','host':'geo.captcha-delivery.com'}</script>"),
        ("Vercel", "<title>Vercel Security Checkpoint</title><p>We're verifying your browser"),
        ("Akamai", "<h1>Access Denied</h1>You don't have permission<p>https://errors.edgesuite.net/18.2"),
        ("Imperva", "<iframe id=\"main-iframe\" src='/_Incapsula_Resource?CWUDNSAI=9'>Request unsuccessful.</iframe>"),
        ("HUMAN", "<title>Access to this page has been denied</title><div id='px-captcha'></div>"),
        ("AWS WAF", "<script src='https://x.token.awswaf.com/x/challenge.js'></script>"),
        ("DDoS-Guard", "<title>DDoS-Guard</title><script src='/.well-known/ddos-guard/js-challenge/index.js'>"),
        ("Anubis", "<title>Making sure you're not a bot!</title><script id=\"anubis_challenge\">{}</script>"),
        ("Kasada", "<script src='/149e9513-01fa-4fb0-aad4-566afd725d1b/2d206a39/ips.js'></script>"),
        ("reCAPTCHA", "<form><div class=\"g-recaptcha\" data-sitekey=x></div><button>Go on</button></form>"),
    ] {
        assert_eq!(by(seen(ok(), body)).as_deref(), Some(expected), "{body}");
        assert_eq!(by(seen(ok(), &ordinary(body))), None, "{body}: an ordinary page behind the same gatekeeper");
    }
}

#[test]
fn challenges_are_named_by_their_head() {
    for (header, value, expected) in [
        ("cf-mitigated", "challenge", "Cloudflare"),
        ("x-vercel-mitigated", "challenge", "Vercel"),
        ("x-amzn-waf-action", "captcha", "AWS WAF"),
        ("x-dd-b", "1", "DataDome"),
    ] {
        let signs = Signs { status: 403, headers: vec![(header, value.to_owned())], moved: None };
        assert_eq!(by(seen(signs, "<p>x")).as_deref(), Some(expected));
    }
    // DataDome and Cloudflare name themselves in the head of every page.
    let signs = Signs { headers: vec![("x-datadome", "protected".into()), ("server", "cloudflare".into())], ..ok() };
    assert_eq!(seen(signs, &ordinary("")), None);
}

#[test]
fn errors_are_looked_at_and_named() {
    let status = |status| Signs { status, ..Signs::default() };
    assert_eq!(by(seen(status(503), &ordinary(CLOUDFLARE))).as_deref(), Some("Cloudflare"));
    assert_eq!(seen(status(403), "<h1>403 Forbidden</h1>").unwrap().what, Drift::Refused { status: 403 });
    assert_eq!(seen(status(401), "").unwrap().what, Drift::LogIn);
    assert_eq!(seen(status(410), "<h1>Gone</h1>").unwrap().what, Drift::Gone { status: 410 });
    assert_eq!(seen(status(500), "<h1>Oops</h1>"), None);
}

#[test]
fn log_ins_are_told_from_pages_where_one_may_log_in() {
    let form = "<form action=/in><input name=u><input type=password name=p><button>Log in</button></form>";
    assert_eq!(seen(ok(), form), Some(Wall::sure(Drift::LogIn)));
    assert_eq!(seen(ok(), &ordinary(form)), None);
    let titled = ordinary(form).replace("The Mill Times", "Log in | The Mill Times");
    assert_eq!(seen(ok(), &titled), Some(Wall::likely(Drift::LogIn)));
    assert_eq!(seen(ok(), "<meta http-equiv=refresh content='0; url=/users/sign_in'>"), Some(Wall::sure(Drift::LogIn)));
    let mut page = page(ok(), "<h1>Welcome</h1>");
    let asked = page.url.clone();
    for (found, expected) in [
        ("https://mill.example/account/login?next=%2Fnews", Some(Drift::LogIn)),
        ("https://login.mill.example/", Some(Drift::LogIn)),
        ("https://consent.mill.example/m?continue=x", Some(Drift::Consent)),
        ("https://mill.example/news/today", None),
        ("https://mill.example/blogs/authors", None),
    ] {
        page.url = WebUrl::parse(found).unwrap();
        assert_eq!(wall(&page, None, &asked).map(|wall| wall.what), expected, "{found}");
        assert_eq!(wall(&page, None, &page.url), None, "{found}: this is what was asked for");
    }
}

#[test]
fn names_for_sale_are_named() {
    for body in [
        "<title>mill.example</title><h1>This domain is for sale!</h1>",
        "<script>window.onload=function(){window.location.href=\"/lander\"}</script>",
        "<script src='https://d38psrni17bvxu.cloudfront.net/x.js'></script>",
    ] {
        assert_eq!(seen(ok(), body), Some(Wall::sure(Drift::Parked)), "{body}");
    }
    assert_eq!(seen(ok(), &ordinary("<p>This domain is for sale, says the goose.")), None);
}

#[test]
fn where_json_was_expected_the_page_is_looked_at() {
    let page = page(ok(), CLOUDFLARE);
    assert_eq!(by(wall(&page, None, &page.url)).as_deref(), Some("Cloudflare"));
}
