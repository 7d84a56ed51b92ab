//! Pages that stand before a site, written after real ones.

pub(crate) const CLOUDFLARE: &str = r#"<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><meta name="robots" content="noindex,nofollow">
<meta http-equiv="refresh" content="360"></head><body><div class="main-wrapper" role="main"><div class="main-content">
<noscript><div class="h2"><span id="challenge-error-text">Enable JavaScript and cookies to continue</span></div></noscript>
</div></div><script>(function(){window._cf_chl_opt = {cvId: '3',cZone: 'mill.example',cType: 'managed',cRay: '8f0'};
var a = document.createElement('script');a.src = '/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1?ray=8f0';
document.getElementsByTagName('head')[0].appendChild(a);}());</script></body></html>"#;

pub(crate) const DATADOME: &str = r#"<html lang="en"><head><title>mill.example</title><style>#cmsg{animation: A 1.5s;}</style></head>
<body style="margin:0"><p id="cmsg">Please enable JS and disable any ad blocker</p>
<script data-cfasync="false">var dd={'rt':'c','cid':'AHrl','hsh':'A55','t':'bv','s':4,'host':'geo.captcha-delivery.com'}</script>
<script src="https://ct.captcha-delivery.com/c.js"></script></body></html>"#;

pub(crate) const VERCEL: &str = r#"<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Vercel Security Checkpoint</title>
</head><body><div id="root"><p id="header-text">We're verifying your browser</p>
<p id="footer-text">Website owner? <a href="https://vercel.link/security-checkpoint">Click here to fix</a></p></div>
<script>/* c */</script></body></html>"#;

pub(crate) const ANUBIS: &str = r#"<!doctype html><html lang="en"><head><title>Making sure you&#39;re not a bot!</title>
<link rel="stylesheet" href="/.within.website/x/xess/xess.min.css?cachebuster=1.2"></head><body id="top"><main>
<h1 id="title">Making sure you&#39;re not a bot!</h1><p id="status">Loading...</p>
<script id="anubis_challenge" type="application/json">{"rules":{}}</script></main></body></html>"#;

pub(crate) const LOG_IN: &str = r#"<!DOCTYPE html><html><head><title>Members</title></head><body><h1>Please log in</h1>
<form method="post" action="/session"><label>Name <input name="name"></label>
<label>Password <input type="password" name="password"></label><button>Log in</button></form>
<p><a href="/password/new">Forgot it?</a> <a href="/join">Join</a></p></body></html>"#;

pub(crate) const PARKED: &str = r#"<!doctype html><html><head><title>mill.example</title></head><body>
<h1>mill.example</h1><p>This domain is for sale! <a href="https://park.example/buy">Buy this domain</a></p></body></html>"#;

/// A new site that has nothing of the old one but its name.
pub(crate) const NEW_SITE: &str = r#"<!DOCTYPE html><html><head><title>A new home</title></head><body class="home-2027">
<header class="top-2027"><a href="/shop">Shop</a> <a href="/team">Team</a> <a href="/imprint">Imprint</a></header>
<section class="hero-2027"><h1>We have a new home</h1><p>Everything is different now, and much better than before, as you will
see when you look around in our shop, where sacks of flour are sold by the dozen.</p></section>
<footer class="bottom-2027"><a href="/contact">Contact</a></footer></body></html>"#;
