//! Code with its comments and texts marked, as far as that helps to read it.

use std::fmt::Write as _;

use super::markdown::escape;

/// Languages whose comments begin with a number sign.
const HASH: [&str; 8] = ["terraform", "hcl", "sh", "shell", "bash", "yaml", "python", "toml"];

/// Code as HTML.
pub fn html(language: &str, code: &str) -> String {
    if !HASH.contains(&language) {
        return escape(code);
    }
    code.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn line(text: &str) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some(found) = rest.find(['"', '#']) {
        html.push_str(&escape(&rest[..found]));
        let token = &rest[found..];
        let before = rest[..found].chars().next_back();
        let end = if token.starts_with('"') {
            text_end(token)
        } else if before.is_none_or(char::is_whitespace) {
            token.len()
        } else {
            html.push('#');
            rest = &token[1..];
            continue;
        };
        let class = if token.starts_with('"') { "text" } else { "comment" };
        _ = write!(html, "<span class=\"{class}\">{}</span>", escape(&token[..end]));
        rest = &token[end..];
    }
    html + &escape(rest)
}

/// Where a text ends that begins with a quotation mark.
fn text_end(token: &str) -> usize {
    let mut is_escaped = false;
    for (place, letter) in token.char_indices().skip(1) {
        match letter {
            '"' if !is_escaped => return place + 1,
            letter => is_escaped = letter == '\\' && !is_escaped,
        }
    }
    token.len()
}
