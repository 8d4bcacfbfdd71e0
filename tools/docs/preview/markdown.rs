//! Markdown as HTML, with the anchors of GitHub and the callouts of the registry.

use std::collections::BTreeMap;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Parser, Tag, TagEnd, TextMergeStream, html};
use terraform_plugin_testing::pages::{extensions, heading_anchor};

use super::code;

/// How a paragraph begins that is a callout, and what it is.
const CALLOUTS: [(&str, &str); 3] = [("->", "note"), ("~>", "warning"), ("!>", "danger")];

/// A heading that the reader can go to.
pub struct Heading {
    pub level: HeadingLevel,
    pub id: String,
    /// Its text, escaped.
    pub html: String,
}

/// A page as HTML.
pub struct Rendered {
    pub html: String,
    pub headings: Vec<Heading>,
}

/// Escapes what means something in HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Renders the text of a page.
pub fn render(text: &str) -> Rendered {
    let events: Vec<Event<'_>> = TextMergeStream::new(Parser::new_ext(text, extensions())).collect();
    let (mut out, mut headings, mut ids) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut index = 0;
    while let Some(event) = events.get(index) {
        index += match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let inner = until(&events[index..], |event| matches!(event, Event::End(TagEnd::Heading(_))));
                headings.push(heading(*level, inner, &mut ids, &mut out));
                inner.len() + 1
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let inner = until(&events[index..], |event| matches!(event, Event::End(TagEnd::CodeBlock)));
                out.push(code_block(kind, inner));
                inner.len() + 1
            }
            Event::Start(Tag::Paragraph) => paragraph(&events[index..], &mut out),
            event => {
                out.push(linked(event.clone()));
                1
            }
        };
    }
    let mut written = String::new();
    html::push_html(&mut written, out.into_iter());
    Rendered { html: written, headings: headings.into_iter().filter(|one| one.level != HeadingLevel::H1).collect() }
}

/// The events up to the end of what begins here.
fn until<'e, 'a>(events: &'e [Event<'a>], is_end: impl Fn(&Event<'a>) -> bool) -> &'e [Event<'a>] {
    let end = events.iter().position(is_end).unwrap_or(events.len());
    &events[..end]
}

fn heading<'a>(
    level: HeadingLevel,
    inner: &[Event<'a>],
    ids: &mut BTreeMap<String, usize>,
    out: &mut Vec<Event<'a>>,
) -> Heading {
    let text: String = inner[1..]
        .iter()
        .map(|event| match event {
            Event::Text(text) | Event::Code(text) => text.as_ref(),
            _ => "",
        })
        .collect();
    let anchor = heading_anchor(&text);
    let count = ids.entry(anchor.clone()).or_default();
    let id = if *count == 0 { anchor } else { format!("{anchor}-{count}") };
    *count += 1;
    out.push(raw(format!("<{level} id=\"{id}\">")));
    out.extend(inner[1..].iter().cloned().map(linked));
    out.push(raw(format!("<a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to this heading\">#</a></{level}>\n")));
    // The end of a heading was written already.
    Heading { level, id, html: escape(&text) }
}

fn code_block<'a>(kind: &CodeBlockKind<'_>, inner: &[Event<'_>]) -> Event<'a> {
    let language = match kind {
        CodeBlockKind::Fenced(language) => language.as_ref(),
        CodeBlockKind::Indented => "",
    };
    let text: String = inner[1..]
        .iter()
        .map(|event| match event {
            Event::Text(text) => text.as_ref(),
            _ => "",
        })
        .collect();
    raw(format!("<pre data-language=\"{}\"><code>{}</code></pre>\n", escape(language), code::html(language, &text)))
}

/// Begins a paragraph, or writes a whole callout. Returns how many events that were.
fn paragraph<'a>(events: &[Event<'a>], out: &mut Vec<Event<'a>>) -> usize {
    let first = match events.get(1) {
        Some(Event::Text(text)) => text.as_ref(),
        _ => "",
    };
    let found =
        CALLOUTS.iter().find_map(|(begin, class)| Some((first.strip_prefix(begin)?.trim_start().to_owned(), class)));
    let Some((rest, class)) = found else {
        out.push(events[0].clone());
        return 1;
    };
    let inner = until(events, |event| matches!(event, Event::End(TagEnd::Paragraph)));
    out.push(raw(format!("<div class=\"callout {class}\"><p>")));
    out.push(Event::Text(CowStr::from(rest)));
    out.extend(inner.iter().skip(2).cloned().map(linked));
    out.push(raw("</p></div>\n".to_owned()));
    inner.len() + 1
}

/// The same, with a link to a page made one to its HTML.
fn linked(event: Event<'_>) -> Event<'_> {
    let Event::Start(Tag::Link { link_type, dest_url, title, id }) = event else { return event };
    let (target, anchor) =
        dest_url.split_once('#').map_or((dest_url.as_ref(), None), |(target, anchor)| (target, Some(anchor)));
    let html = target.strip_suffix(".md").filter(|_| !target.contains("://")).map(|page| {
        let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        CowStr::from(format!("{page}.html{anchor}"))
    });
    Event::Start(Tag::Link { link_type, dest_url: html.unwrap_or(dest_url), title, id })
}

fn raw<'a>(html: String) -> Event<'a> {
    Event::InlineHtml(CowStr::from(html))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callouts_are_those_of_the_registry() {
        let rendered = render("~> **Costs.** It is billed\nby the second.\n\n-> A note.\n\n!> Never.\n\nA -> b ~> c.");
        assert_eq!(
            rendered.html,
            "<div class=\"callout warning\"><p><strong>Costs.</strong> It is billed\nby the second.</p></div>\n\
             <div class=\"callout note\"><p>A note.</p></div>\n\
             <div class=\"callout danger\"><p>Never.</p></div>\n\
             <p>A -&gt; b ~&gt; c.</p>\n"
        );
    }

    #[test]
    fn headings_have_the_anchors_of_github_and_links_lead_to_html() {
        let rendered = render("# A\n\n## Part `x`\n\n[a](../b/c.md#d) [e](https://f.example/g.md)\n\n## Part `x`");
        let ids: Vec<_> = rendered.headings.iter().map(|heading| heading.id.as_str()).collect();
        assert_eq!(ids, ["part-x", "part-x-1"]);
        assert!(rendered.html.contains("<h2 id=\"part-x\">Part <code>x</code>"), "{}", rendered.html);
        assert!(rendered.html.contains("href=\"../b/c.html#d\""), "{}", rendered.html);
        assert!(rendered.html.contains("href=\"https://f.example/g.md\""), "{}", rendered.html);
    }

    #[test]
    fn code_is_escaped_and_its_texts_and_comments_are_marked() {
        let rendered = render("```terraform\na = \"<${b}> # \\\"c\" # d\n```\n\n```text\n\"<e>\"\n```");
        assert_eq!(
            rendered.html,
            "<pre data-language=\"terraform\"><code>a = <span class=\"text\">&quot;&lt;${b}&gt; # \\&quot;c&quot;</span> \
             <span class=\"comment\"># d</span></code></pre>\n\
             <pre data-language=\"text\"><code>&quot;&lt;e&gt;&quot;\n</code></pre>\n"
        );
    }
}
