//! The help text of the admin interface.

mod support;

use serde_json::Value;
use support::Cloud;

/// Returns the examples in the help text: the method, the URL and the body.
fn examples(help: &str) -> Vec<(String, String, Option<Value>)> {
    let curls = help.lines().filter_map(|line| line.trim().strip_prefix("curl "));
    curls
        .map(|line| {
            let (line, body) = line.split_once(" -d '").map_or((line, None), |(line, body)| (line, Some(body)));
            let (method, url) = line.strip_prefix("-X ").and_then(|line| line.split_once(' ')).unwrap_or(("GET", line));
            let body = body.map(|body| serde_json::from_str(body.trim_end_matches('\'')).expect("it is JSON"));
            (method.to_owned(), url.to_owned(), body)
        })
        .collect()
}

#[tokio::test]
async fn every_example_in_the_help_works() {
    let cloud = Cloud::new().await;
    let get = async |path: &str| {
        let response = cloud.http.get(format!("{}{path}", cloud.simulator.url())).send().await.expect("it responds");
        let kind = response.headers()["content-type"].to_str().expect("it is text").to_owned();
        (kind, response.text().await.expect("it is text"))
    };
    let (kind, help) = get("/_simulator").await;
    assert!(kind.starts_with("text/plain"), "{kind}");
    cloud.simulator.enable_object_storage();
    cloud.simulator.add_bucket("data");
    let examples = examples(&help);
    assert!(examples.len() > 25, "{help}");
    let mut ids: Vec<(&str, String)> = vec![("BUCKET", "data".to_owned()), ("OBJECT", "model.pt".to_owned())];
    for (method, url, body) in examples {
        let with_ids = |text: &str| ids.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id));
        let (url, body) = (with_ids(&url), body.map(|body| with_ids(&body.to_string())));
        assert!(url.starts_with(&cloud.simulator.url()), "{url}");
        let request = cloud.http.request(method.parse().expect("it is a method"), &url);
        let response = request.body(body.unwrap_or_default()).send().await.expect("it responds");
        let (status, text) = (response.status(), response.text().await.expect("it is text"));
        assert!(status.is_success(), "{method} {url}: {status} {text}");
        let created = serde_json::from_str::<Value>(&text).ok().and_then(|body| body["id"].as_str().map(str::to_owned));
        if let Some(id) = created {
            let names = [("clusters", "CLUSTER"), ("volumes", "VOLUME"), ("ssh-keys", "KEY"), ("jobs", "JOB")];
            let name = names.into_iter().find(|(path, _)| url.ends_with(path)).expect("it is one of these");
            ids.push((name.1, id));
        }
    }
    assert!(["CLUSTER", "VOLUME", "KEY", "JOB"].iter().all(|wanted| ids.iter().any(|(name, _)| name == wanted)));
    assert!(help.contains("answer_id") && help.contains("lag_ms"), "{help}");
}
