//! Words in the names of classes and ids, in the languages that sites are made in, and what they say about what is there.

use super::hints::Hint;

/// What names say: by words that count wherever they stand, and by those that count only as words of their own (`ad` in
/// `top-ad` and `adSlot`, not in `head`).
pub(super) const NAMES: &[(Hint, &str, &str)] = &[
    (
        Hint::Body,
        "article-body article-content article-main article-text article__body article__content article__text \
         article_body article_content article_text articlebody articlecontent articletext artikeltext \
         blog-content body-copy body-text bodycopy bodytext content-body content-text content__body \
         contentbody cuerpo detail-content detail-text entry-body entry-content entry_content entrytext \
         field--name-body field-name-body full-text fulltext main-content main_content maincontent news-body \
         news-content news-text newsbody page-content post-body post-content post-text post__body \
         post__content post_content postbody postcontent rich-text richtext single-content story-body \
         story-content story-text story__body story__content story_content storybody storycontent storytext \
         td-post-content text-content wysiwyg",
        "prose texto",
    ),
    (
        Hint::Letter,
        "barrier call-to-action calltoaction contact donat lead-gen login mailchimp marketing membership \
         newsletter offer optin paywall premium register registration regwall sign-in sign-up signin signup \
         subscri suscri",
        "abo cta piano",
    ),
    (Hint::Article, "article articulo artikel noticia story", "blog entry news post"),
    (Hint::Content, "contenido content contenu inhalt", "body main page"),
    (Hint::Text, "component markdown paragraph text", "block copy editor"),
    (
        Hint::Nav,
        "breadcrumb crumb menu navbar navigation pagination search sitemap submenu topbar",
        "jump nav navi next pager paging prev previous skip tabs toc",
    ),
    (Hint::Head, "masthead siteheader topper", "head header hero"),
    (
        Hint::Foot,
        "bottom closing colophon copyright disclaimer footer impressum imprint legal license",
        "after credits end foot",
    ),
    (
        Hint::Side,
        "aside complementary fact-box factbox infobox inset rightcol secondary sidebar sidecolumn tertiary",
        "box rail right side",
    ),
    (
        Hint::Comment,
        "comentario comment discussion disqus forum guestbook kommentar livefyre",
        "coral replies reply respond review reviews",
    ),
    (
        Hint::Related,
        "associat correlat crosslink further inline-link interlink latest lire-aussi lireaussi more-from \
         morefrom most-read most-viewed mostpopular mostread onward outbrain popular read-also read-more \
         read-next read_more readalso readmore readnext recent recirc recommand recommend relacionad related \
         see-also seealso similar suggest taboola trending up-next upnext verwandt weiterlesen",
        "also leia links mehr more read",
    ),
    (
        Hint::Teaser,
        "carousel promo slider stories swiper teaser thumb ticker",
        "card cards collection feed grid headlines item items list package posts river series tile",
    ),
    (
        Hint::Share,
        "addthis addtoany bookmark compart facebook follow instagram linkedin partag pinterest share \
         sharedaddy sharing social teilen twitter whatsapp",
        "",
    ),
    (
        Hint::Ad,
        "adslot adunit advert affiliate anzeige banner commercial ecommerce google product pubblicit publicid \
         sponsor werbung",
        "ad ads adv dfp gpt mpu shop",
    ),
    (
        Hint::Author,
        "auteur author autor avatar biography byline contributor profile redaktion signature vcard writer",
        "about bio firma staff",
    ),
    (
        Hint::Meta,
        "categories category dateline datum eyebrow fecha keyword kicker metadata overline pubdate published \
         reading-time readtime rubric taglist timestamp topics updated",
        "date details info label meta section source stats tag tagged tags time topic views",
    ),
    (Hint::Title, "crosshead heading headline subhead titel title titre titulo", ""),
    (
        Hint::Lead,
        "abstract bajada bullet catchline chapo description entradilla excerpt highlight ingress intro \
         key-point keypoint lede preamble standfirst strapline sub-title subheadline subtitle summary \
         synopsis tagline takeaway tldr vorspann",
        "deck dek desc lead sapo",
    ),
    (
        Hint::Caption,
        "caption figure foto gallery image legend lightbox photo photographer picture slideshow",
        "bild credit img media",
    ),
    (
        Hint::Overlay,
        "accordion alert banner consent cookie dialog dropdown gdpr modal notice notification onetrust \
         overlay pop-up popup privacy toast tooltip",
        "message",
    ),
    (
        Hint::Hidden,
        "a11y hidden invisible no-print noprint offscreen print-only screen-reader screenreader sr-only \
         sronly",
        "",
    ),
    (
        Hint::Tools,
        "actions audio btn button control download feedback listen loading player playlist podcast quiz \
         rating survey toolbar utility video vote",
        "error icon poll print save tool tools",
    ),
    (Hint::Quote, "blockquote embed oembed pull-quote pullquote zitat", "cita quote tweet"),
    (
        Hint::Note,
        "appendix bibliograph citation correction editors-note endnote footnote reference",
        "note notes sources",
    ),
    (
        Hint::Widget,
        "block-list iframe interactive module plugin quote-box shortcode stock weather widget",
        "event form table",
    ),
];
