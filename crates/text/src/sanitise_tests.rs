//! Attacks on `sanitise` and what is left of them; in a file of its own because of the table's length.

use super::*;

/// The tags in the result, and only these: `(name, attributes as they stand)`.
fn tags_of(clean: &str) -> Vec<(String, String)> {
    let tag = Regex::new(r#"<([a-z0-9]+)((?:[^">]|"[^"]*")*)>"#).unwrap();
    tag.captures_iter(clean).map(|found| (found[1].to_owned(), found[2].to_owned())).collect()
}

/// True when the result has only allowed elements, allowed attributes and allowed schemes.
fn check_harmless(input: &str) {
    let clean = html(input);
    let attribute = Regex::new(r#"\s([^\s=">]+)="([^"]*)""#).unwrap();
    for (name, attributes) in tags_of(&clean) {
        assert!(TAGS.contains(&name.as_str()), "<{name}> survived: {input} -> {clean}");
        let without = attribute.replace_all(&attributes, "");
        assert_eq!(without.trim(), "", "an attribute without a value: {input} -> {clean}");
        for found in attribute.captures_iter(&attributes) {
            match &found[1] {
                "href" => {
                    let scheme =
                        ["https://", "http://", "mailto:"].iter().any(|scheme| found[2].starts_with(scheme));
                    assert!(scheme, "{input} -> {clean}");
                }
                "rel" => assert_eq!(&found[2], LINK_REL, "{input} -> {clean}"),
                "translate" => assert_eq!(&found[2], "no", "{input} -> {clean}"),
                "class" => {
                    for class in found[2].split_whitespace() {
                        let known = [
                            "h-card",
                            "u-url",
                            "mention",
                            "hashtag",
                            "invisible",
                            "ellipsis",
                            "quote-inline",
                        ];
                        assert!(known.contains(&class), "{input} -> {clean}");
                    }
                }
                "start" | "value" => assert!(found[2].parse::<i32>().is_ok(), "{input} -> {clean}"),
                "reversed" => assert_eq!(&found[2], "", "{input} -> {clean}"),
                other => panic!("attribute {other} survived: {input} -> {clean}"),
            }
        }
    }
    let openings = clean.matches('<').count();
    let closings = Regex::new("</[a-z0-9]+>").unwrap().find_iter(&clean).count();
    assert_eq!(openings, tags_of(&clean).len() + closings, "a stray angle bracket: {input} -> {clean}");
    assert_eq!(html(&clean), clean, "a second parse reads it differently: {input}");
}

/// Vectors known from the advisories of threats X1, from DOMPurify's history and from Mastodon's.
const ATTACKS: [&str; 52] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/a.js></SCRIPT >",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<p onclick=alert(1) style='position:fixed' id=top>x</p>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href=' \u{1}javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='/settings/delete'>x</a>",
    "<a href='https://x.example/\"onmouseover=\"alert(1)'>x</a>",
    "<a href='https://x.example' target=_top rel=opener ping='https://y.example'>x</a>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<svg><a><title><a href=\"</title><img src=x onerror=alert(1)>\">x",
    "<svg><foreignObject><p><iframe srcdoc='<script>alert(1)</script>'></iframe></p></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
    "<math href='javascript:alert(1)'><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<noembed><a title=\"</noembed><img src=x onerror=alert(1)>\">",
    "<noframes><a title=\"</noframes><img src=x onerror=alert(1)>\">",
    "<xmp><a title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<iframe><a title=\"</iframe><img src=x onerror=alert(1)>\">",
    "<textarea><a title=\"</textarea><img src=x onerror=alert(1)>\">",
    "<title><a title=\"</title><img src=x onerror=alert(1)>\">",
    "<style><a title=\"</style><img src=x onerror=alert(1)>\">",
    "<plaintext><img src=x onerror=alert(1)>",
    "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
    "<template><img src=x onerror=alert(1)><template><script>alert(1)</script></template></template>",
    "<div><template shadowrootmode=open><script>alert(1)</script></template></div>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--<!-- --><script>alert(1)</script>-->",
    "<!-- --!><img src=x onerror=alert(1)>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><?php echo 1 ?><p>x",
    "<select><option><style></option></select><img src=x onerror=alert(1)></style>",
    "<select><template><style><!--</style><a rel=\"--></style></template></select><img src=x onerror=alert(1)>\">",
    "<table><td><form><input formaction=javascript:alert(1)></table>",
    "<a><table><a href='javascript:alert(1)'></table></a>",
    "<base href='javascript:/a/+alert(1)//'><a href=x>x</a><meta http-equiv=refresh content='0;javascript:alert(1)'>",
    "<h1><p><h2 onclick=x>a</h1>b</h2><h3>c",
    "<p class='mention admin-banner u-url' data-method=delete>x</p><span class=\"invisible modal\">y</span>",
    "<span class=mention\u{c}evil translate=yes>x</span><ol start=1e9 reversed=javascript:x><li value='<b>'>x</ol>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;<p title='<script>'>",
];

#[test]
fn x1_no_known_attack_leaves_anything_but_harmless_markup() {
    for attack in ATTACKS {
        check_harmless(attack);
        check_harmless(&format!("<p>{attack}"));
        check_harmless(&format!("<blockquote><a href='https://x.example/'>{attack}</a>"));
        check_harmless(&format!("<svg>{attack}"));
        check_harmless(&format!("<math><mtext>{attack}"));
        check_harmless(&format!("<template>{attack}</template>{attack}"));
    }
}

#[test]
fn x1_two_attacks_together_leave_nothing_either() {
    // Those that leave the parser in an unusual state: from the first `<svg>` on.
    let unusual = ATTACKS.iter().skip_while(|attack| !attack.starts_with("<svg>"));
    for first in unusual.clone() {
        for second in unusual.clone() {
            check_harmless(&format!("{first}{second}"));
        }
    }
}

#[test]
fn x1_the_text_of_an_attack_is_shown_as_text_or_not_at_all() {
    insta::assert_snapshot!(html("a<script>alert(1)</script>b"), @"ab");
    insta::assert_snapshot!(html("<p>&lt;script&gt;</p>"), @"<p>&lt;script&gt;</p>");
    insta::assert_snapshot!(html("<div>a<img src=x onerror=y>b</div>"), @"ab");
}

#[test]
fn what_mastodon_sends_is_kept() {
    insta::assert_snapshot!(
        html(r#"<p><span class="h-card" translate="no"><a href="https://a.example/@bo" class="u-url mention">@<span>bo</span></a></span> <a href="https://a.example/tags/x" class="mention hashtag" rel="tag">#<span>x</span></a><br />y</p>"#),
        @r#"<p><span class="h-card" translate="no"><a href="https://a.example/@bo" class="u-url mention" rel="nofollow noopener noreferrer">@<span>bo</span></a></span> <a href="https://a.example/tags/x" class="mention hashtag" rel="nofollow noopener noreferrer">#<span>x</span></a><br>y</p>"#
    );
    insta::assert_snapshot!(
        html(r#"<ol start="3" reversed><li value="7">a<li>b</ol><pre><code>c</code></pre><p class="quote-inline">RE</p>"#),
        @r#"<ol start="3" reversed=""><li value="7">a</li><li>b</li></ol><pre><code>c</code></pre><p class="quote-inline">RE</p>"#
    );
}

#[test]
fn headings_become_bold_paragraphs() {
    insta::assert_snapshot!(html("<h1 id=a>Title</h1><H4>b</H4>c"), @"<p><strong>Title</strong></p><p><strong>b</strong></p>c");
}

#[test]
fn what_compose_writes_obeys_the_policy() {
    struct Town;
    impl crate::Links for Town {
        fn profile(&self, mention: &crate::Handle) -> Option<String> {
            Some(format!("https://town.example/@{}", mention.username))
        }
        fn hashtag(&self, name: &str) -> String {
            format!("https://town.example/tags/{name}")
        }
    }
    let source = "Hello @ana & \"all\" of #Town's <people>\nsee https://www.x.example/a/long/address/that/is/shortened\n\nend";
    let ours = crate::compose::render(source, &Town);
    let unified = |html: &str| {
        Regex::new(r#" rel="[^"]*"| translate="no"| class="[^"]*""#)
            .unwrap()
            .replace_all(html, "")
            .replace("<br />", "<br>")
    };
    let entities = |html: &str| html.replace("&quot;", "\"").replace("&#39;", "'");
    assert_eq!(entities(&unified(&ours)), unified(&html(&ours)));
    let classes = |html: &str| html.matches("class=").count();
    assert_eq!(classes(&ours), classes(&html(&ours)), "no class is lost");
}

#[test]
fn plain_text_keeps_paragraphs_and_resolves_entities() {
    let input = "<p>a &amp; b<br>c&nbsp;d &quot;e&quot;</p><ul><li>x</li><li>y</li></ul><p>&lt;b&gt; &amp;lt; 1 < 2</p>";
    assert_eq!(plain_text(input), "a & b\nc d \"e\"\n\nx\ny\n\n<b> &lt; 1 < 2");
    assert_eq!(plain_text("<script>x</script>"), "");
}

#[test]
fn x3_one_line_is_one_line_without_tricks() {
    assert_eq!(one_line("  a\r\n\tb\0c\u{202E}d\u{2066}e\u{2028}f\u{7}  ", 100), "a bcde f");
    assert_eq!(one_line("žluťoučký kůň", 10), "žluťoučký");
    assert_eq!(one_line("abc", 2), "ab");
    assert_eq!(one_line("\u{202E}", 5), "");
}

#[test]
fn f12_a_huge_input_is_cut_and_a_bomb_becomes_text() {
    for piece in [
        "<b>",
        "<p><div>",
        "<a href=",
        "</p>",
        "<!--",
        "&amp",
        "<b x=1><p>",
        "<svg><p>",
        "x ",
        "<table><td>",
        "\"'>",
    ] {
        let clean = html(&piece.repeat(500_000 / piece.len()));
        // Each byte that is left becomes at most `&quot;` and a line at most `<br />`.
        assert!(clean.len() <= MAX_INPUT_BYTES * 6 + 16, "{piece}: {}", clean.len());
        assert!(depth(&clean) <= MAX_DEPTH, "{piece}: {}", depth(&clean));
    }
}

#[test]
fn text_of_too_many_tags_is_still_readable() {
    let long = "<p>a &amp; b</p>".repeat(MAX_TAGS + 1);
    assert_eq!(html(&long), "<p>a &amp; b</p>".repeat(MAX_TAGS + 1));
}

#[test]
fn f12_formatting_that_is_reopened_in_every_paragraph_stays_bounded() {
    let open: String = (0..MAX_TAGS / 2).map(|number| format!("<b x={number}>")).collect();
    let clean = html(&format!("<p>{open}{}", "</p><p>x".repeat(MAX_TAGS / 2 - 1)));
    assert!(depth(&clean) <= MAX_DEPTH && clean.len() <= MAX_INPUT_BYTES, "{} bytes", clean.len());
}

#[test]
fn f12_attributes_without_end_do_not_survive() {
    let attributes: String = (0..100_000).map(|number| format!(" a{number}")).collect();
    assert_eq!(html(&format!("<p{attributes}>x</p>")), "", "the tag is cut off before its end");
    assert_eq!(html(&format!("<p{}>x</p>", &attributes[..20_000])), "<p>x</p>");
}

#[test]
fn deep_nesting_becomes_paragraphs() {
    let deep = format!("{}a &lt;<br>b{}", "<blockquote>".repeat(200), "</blockquote>".repeat(200));
    assert_eq!(html(&deep), "<p>a &lt;<br />b</p>");
    let shallow = format!("{}a{}", "<blockquote>".repeat(MAX_DEPTH), "</blockquote>".repeat(MAX_DEPTH));
    assert_eq!(html(&shallow), shallow);
}
