//! The page in a real browser, if there is one: the one that `HEADLESS_BROWSER` names, or a Chromium on the PATH.

mod support;

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use support::Cloud;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

fn browser() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("HEADLESS_BROWSER") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|file| file.is_file())
}

/// Opens a page, lets its scripts run for three of its seconds, and returns what the browser prints.
fn open(browser: &Path, profile: &Path, url: &str, argument: &str) -> String {
    let mut command = Command::new(browser);
    command.args(["--headless", "--disable-gpu", "--hide-scrollbars", "--window-size=500,900"]);
    // Root, as in a container, has no sandbox; the page is our own.
    command.args(["--no-sandbox", "--virtual-time-budget=3000"]);
    command.arg(format!("--user-data-dir={}", profile.display())).args([argument, url]);
    let printed = profile.with_extension("out");
    command.stdout(File::create(&printed).expect("it can be written")).stderr(Stdio::null());
    let mut child = command.spawn().expect("the browser can be started");
    let begin = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it was started") {
            break status;
        }
        if begin.elapsed() > Duration::from_mins(1) {
            _ = child.kill();
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(status.success(), "{}: {status}", browser.display());
    std::fs::read_to_string(printed).expect("it is text")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_refreshes_itself_in_a_browser() {
    let Some(browser) = browser() else {
        // Not a macro, whose output the test runner would hide.
        let line = "skipped: no browser; HEADLESS_BROWSER may name a Chromium\n";
        return std::io::stderr().write_all(line.as_bytes()).expect("it can be written");
    };
    let cloud = Cloud::new().await;
    let id = cloud.add_cluster("<b>bold</b>", 2);
    let directory = tempfile::tempdir().expect("there is room for a directory");
    let profile = directory.path().join("profile");
    let page = open(&browser, &profile, &cloud.simulator.url(), "--dump-dom");
    // Only the script says this, so the policy lets it run, and its request was answered.
    assert!(page.contains("This page refreshes itself."), "{page}");
    assert!(page.contains(&id) && page.contains("&lt;b&gt;bold&lt;/b&gt;") && !page.contains("<b>"), "{page}");
    // The script hides the fields that the chosen action of a fault does not have.
    assert!(page.contains(r#"data-actions="delay" hidden"#), "{page}");
    let picture = directory.path().join("page.png");
    open(&browser, &profile, &cloud.simulator.url(), &format!("--screenshot={}", picture.display()));
    let bytes = std::fs::read(&picture).expect("the browser has written it");
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 10_000, "{} bytes", bytes.len());
}
