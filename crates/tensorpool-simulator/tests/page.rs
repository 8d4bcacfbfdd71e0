//! The page for people, over HTTP as a browser without scripts uses it.

mod support;

use std::time::Duration;

use serde_json::json;
use support::{Cloud, at_once};
use tensorpool_simulator::Options;

/// Text that ends an attribute, an element and a script if it is not escaped.
const HOSTILE: &str = r#"'"><script>alert(1)</script>&amp;"#;

async fn get(cloud: &Cloud, path: &str) -> String {
    let response = cloud.http.get(format!("{}{path}", cloud.simulator.url())).send().await.expect("it responds");
    assert_eq!(response.status(), 200, "{path}");
    response.text().await.expect("it is text")
}

/// Sends a form, and returns the status and the body.
async fn post(cloud: &Cloud, form: &str) -> (u16, String) {
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let request = http.post(format!("{}/_page/admin", cloud.simulator.url())).body(form.to_owned());
    let response = request.header("origin", cloud.simulator.url()).send().await.expect("it responds");
    (response.status().as_u16(), response.text().await.expect("it is text"))
}

/// Returns what is between two texts, for each occurrence.
fn all_between<'a>(text: &'a str, start: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).filter_map(move |rest| rest.split_once(end).map(|(inner, _)| inner))
}

fn between<'a>(text: &'a str, start: &'a str, end: &'a str) -> Option<&'a str> {
    all_between(text, start, end).next()
}

fn unescaped(html: &str) -> String {
    let entities = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    entities.iter().fold(html.to_owned(), |text, (entity, c)| text.replace(entity, c))
}

/// Returns what a browser sends for each form that has not been changed, with the `curl` line next to it.
fn forms(page: &str) -> Vec<(String, String)> {
    let value = |tag: &str| between(tag, "value=\"", "\"").map(unescaped);
    let of_form = |form: &str| {
        let mut fields = url::form_urlencoded::Serializer::new(String::new());
        for part in form.split('<') {
            if let (true, Some(name)) = (part.starts_with("input"), between(part, "name=\"", "\"")) {
                fields.append_pair(name, &value(part).unwrap_or_default());
            }
        }
        for select in all_between(form, "<select name=\"", "</select>") {
            let name = select.split('"').next().expect("a name ends");
            let options: Vec<_> = all_between(select, "<option", "</option>").collect();
            let chosen = options.iter().find(|option| option.contains(" selected")).unwrap_or(&options[0]);
            let text = chosen.split_once('>').expect("a tag ends").1;
            fields.append_pair(name, &value(chosen).unwrap_or_else(|| text.to_owned()));
        }
        let curl = between(form, "<code class=\"curl\">", "</code>").expect("each form has a line");
        (fields.finish(), unescaped(curl))
    };
    all_between(page, "<form method=\"post\" action=\"/_page/admin\"", "</form>").map(of_form).collect()
}

/// A cloud in which there is something of everything.
async fn full() -> Cloud {
    let cloud = Cloud::with(Options { provision: Duration::from_mins(1), ..at_once() }).await;
    let cluster = cloud.add_cluster(HOSTILE, 2);
    let volume = cloud.add_volume(HOSTILE);
    cloud.simulator.attach(&volume, &cluster);
    cloud.create_cluster("growing", 1).await;
    cloud.admin("POST", "faults", json!({"path": HOSTILE, "action": "respond", "status": 503, "body": HOSTILE})).await;
    cloud.admin("POST", "faults", json!({"action": "delay", "ms": 7, "times": 0, "path": "/x"})).await;
    cloud.admin("PATCH", "options", json!({"unknown_status": HOSTILE, "request_id_prefix": HOSTILE})).await;
    cloud.create_volume("filling", 1).await;
    cloud.raw("GET", "/no/such'path?<b>=\"", None).await;
    cloud
}

#[tokio::test]
async fn the_page_shows_everything() {
    let cloud = full().await;
    let page = unescaped(&get(&cloud, "/").await);
    let clusters = cloud.simulator.clusters();
    let nodes = clusters.iter().flat_map(|cluster| &cluster.instance_ids);
    let ids = clusters.iter().map(|cluster| &cluster.id).chain(nodes).cloned();
    let ids = ids.chain(cloud.simulator.volumes().into_iter().map(|volume| volume.id));
    let ids = ids.chain([format!("At <code>{}</code>.", cloud.simulator.url())]);
    for part in ids.chain(
        [
            "2 × 8xH100",
            "203.0.113.2",
            "RUNNING",
            "PROVISIONING",
            "CLUSTER_CLAIM",
            "STORAGE_CREATE",
            "s left",
            "attached to <code>c-",
            "respond, body \"",
            "delay, ms 7",
            "affects all requests, 0 matched so far",
            "POST /cluster/create",
            "<td>202</td>",
            "<td class=\"bad-text\">404</td>",
            "5 changed",
            "truncated_lists",
        ]
        .map(str::to_owned),
    ) {
        assert!(page.contains(&part), "{part} is not in:\n{page}");
    }
    assert!(!page.contains(support::KEY));
    cloud.simulator.add_account("second");
    assert!(get(&cloud, "/").await.contains("1 other account is not shown"));
    // The page is no part of the API.
    assert!(cloud.simulator.requests().iter().all(|request| request.path != "/"));
}

#[tokio::test]
async fn every_value_on_the_page_is_escaped() {
    let cloud = full().await;
    for path in ["/", "/_page/live"] {
        let page = get(&cloud, path).await;
        assert!(!page.contains("<script>") && !page.contains("<b>"), "{page}");
        let hostile = "&#39;&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;amp;";
        // A cluster, a volume, two requests, a fault, an option.
        assert!(page.matches(hostile).count() >= 6, "{page}");
    }
    let response = cloud.http.get(cloud.simulator.url()).send().await.expect("it responds");
    let policy = response.headers()["content-security-policy"].to_str().expect("it is text").to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let cloud = full().await;
    let page = get(&cloud, "/").await;
    let links = ["src=\"", "href=\""].into_iter().flat_map(|attribute| all_between(&page, attribute, "\""));
    for link in links.filter(|link| *link != "data:,") {
        assert!(link.starts_with('/'), "{link}");
        get(&cloud, link).await;
    }
    let (style, script) = (get(&cloud, "/_page/style.css").await, get(&cloud, "/_page/script.js").await);
    assert!(!style.contains("@import") && !style.contains("url("), "{style}");
    assert!(!script.contains("http") && !script.contains("import"), "{script}");
}

#[tokio::test]
async fn the_fragment_is_the_changing_part_of_the_page() {
    let cloud = Cloud::new().await;
    let (page, live) = (get(&cloud, "/").await, get(&cloud, "/_page/live").await);
    assert!(page.contains(live.trim()) && !live.contains("<html"), "{live}");
    let cluster = cloud.add_cluster("train", 1);
    assert!(!page.contains(&cluster) && get(&cloud, "/_page/live").await.contains(&cluster));
}

#[tokio::test]
async fn each_form_does_what_its_curl_line_does() {
    let cloud = full().await;
    let forms = forms(&get(&cloud, "/").await);
    let kinds =
        ["instance_status", "deletion_protection", "-X DELETE", "_simulator/faults -d", "_simulator/options -d"];
    for kind in kinds {
        assert!(forms.iter().any(|(_, curl)| curl.contains(kind)), "there is no form for {kind}");
    }
    for (form, curl) in &forms {
        // The line that is shown at first is the one that is shown while a person types.
        assert_eq!(&get(&cloud, &format!("/_page/curl?{form}")).await, curl);
    }
    let form_of = |what: &str| {
        let found = forms.iter().find(|(_, curl)| curl.contains(what));
        found.map(|(form, _)| form.clone()).expect("there is such a form")
    };
    let cluster = cloud.simulator.clusters().into_iter().find(|cluster| cluster.num_nodes == 2).expect("there is one");
    let now = || cloud.simulator.clusters().into_iter().find(|now| now.id == cluster.id);
    let path = format!("clusters/{} ", cluster.id);
    assert_eq!(post(&cloud, &form_of(&format!("{path}-d '{{\"instance_status\""))).await.0, 303);
    assert_eq!(now().map(|cluster| cluster.status).as_deref(), Some("FAILED"));
    let real = format!("_method=PATCH&_path=clusters/{}&instance_status:nullable=", cluster.id);
    assert_eq!(post(&cloud, &real).await.0, 303);
    assert_eq!(now().map(|cluster| cluster.status).as_deref(), Some("RUNNING"));
    assert_eq!(post(&cloud, &form_of(&format!("{path}-d '{{\"deletion_protection\""))).await.0, 303);
    assert_eq!(now().map(|cluster| cluster.deletion_protection), Some(true));
    assert_eq!(
        post(&cloud, &form_of(&format!("-X DELETE {}/_simulator/{}", cloud.simulator.url(), path.trim()))).await.0,
        303
    );
    assert_eq!(now(), None);
    assert_eq!(post(&cloud, &form_of("_simulator/faults/1")).await.0, 303);
    assert_eq!(post(&cloud, &form_of("_simulator/faults -d")).await.0, 303);
    let faults = cloud.admin("GET", "faults", json!(null)).await;
    assert_eq!(
        (&faults[0]["id"], &faults[1]["status"], &faults[1]["path"]),
        (&json!(2), &json!(503), &json!("/cluster/"))
    );
    assert_eq!(post(&cloud, "_method=PATCH&_path=options&error_shape:json=html").await.0, 303);
    assert_eq!(cloud.admin("GET", "options", json!(null)).await["error_shape"], "html");
}

#[tokio::test]
async fn a_form_with_a_mistake_is_answered_with_a_sentence() {
    let cloud = Cloud::new().await;
    for (form, reason) in [
        ("_method=POST&_path=faults&action:text=respond&status:number=x", "status must be a number, not x"),
        ("_method=POST&_path=faults&action:text=respond&status:number=7", "status must be from 200 to 999, not 7"),
        ("_method=POST&_path=faults&action:text=respond", "missing field `status`"),
        ("_method=PATCH&_path=options&edit_status:json=high", "\"high\" is not a value of edit_status"),
        ("_method=PATCH&_path=clusters/c-none&instance_status:nullable=FAILED", "Not Found"),
        ("_method=GET", "The form names no admin request."),
    ] {
        let (status, text) = post(&cloud, form).await;
        assert!(status == 422 && text.contains(reason), "{form}: {status} {text}");
    }
}
