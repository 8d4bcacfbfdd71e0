//! Prices. The endpoints are known from unofficial sources only, and may be gone.

use http::Method;
use serde_json::Value;

use crate::body;
use crate::client::{Call, Client};
use crate::error::{Error, ErrorKind};
use crate::scope::Scope;

/// What something costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quote {
    /// In USD, for an hour.
    pub hourly_rate: f64,
}

impl Quote {
    fn read(body: &Value) -> Option<Self> {
        let body = body::unwrap(body, &["quote"]);
        body::number(body, &["hourly_rate", "price_per_hour"]).map(|hourly_rate| Self { hourly_rate })
    }
}

/// The calls on prices.
pub struct Quotes<'a>(&'a Client);

impl Client {
    /// The calls on prices.
    #[must_use]
    pub fn quotes(&self) -> Quotes<'_> {
        Quotes(self)
    }
}

impl Quotes<'_> {
    /// What a cluster costs.
    ///
    /// # Errors
    /// [`Error::is_missing_endpoint`] with a message of its own when the API has no such endpoint, or whatever else
    /// prevents an answer.
    pub async fn cluster(&self, instance_type: &str, num_nodes: u64, scope: &Scope) -> Result<Quote, Error> {
        let call = Call::new(Method::GET, &["cluster", "quote"]);
        self.ask(call.query("instance_type", instance_type).query("num_nodes", num_nodes.to_string()), scope).await
    }

    /// What a volume costs.
    ///
    /// # Errors
    /// As those of [`cluster`](Self::cluster).
    pub async fn storage(&self, size_gb: u64, scope: &Scope) -> Result<Quote, Error> {
        let call = Call::new(Method::GET, &["storage", "quote"]);
        self.ask(call.query("size_gb", size_gb.to_string()), scope).await
    }

    async fn ask(&self, call: Call, scope: &Scope) -> Result<Quote, Error> {
        let name = call.name();
        match self.0.send(call, scope).await {
            Ok(answer) => Quote::read(&answer.body).ok_or_else(|| {
                let message = Some("the answer holds no hourly rate".to_owned());
                Error::new(ErrorKind::InvalidResponse, name).with_message(message)
            }),
            // There is no object that could be missing: a 404 is about the endpoint.
            Err(error) if error.is_not_found() => Err(Error::new(ErrorKind::UnexpectedStatus, name)
                .status_code(404)
                .with_message(Some("the API tells no prices: it does not have this endpoint".to_owned()))),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;
    use wiremock::matchers::{method, path, query_param};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::{Config, Secret};

    #[test]
    fn a_rate_is_a_number_or_a_text() {
        for body in [json!({"hourly_rate": 2.5}), json!({"hourly_rate": "2.5"}), json!({"quote": {"hourly_rate": 2.5}})]
        {
            assert_eq!(Quote::read(&body), Some(Quote { hourly_rate: 2.5 }), "{body}");
        }
        assert_eq!(Quote::read(&json!({"message": "m"})), None);
    }

    #[tokio::test]
    async fn an_endpoint_that_is_gone_is_no_missing_object() {
        let server = MockServer::start().await;
        Mock::given(method("GET"))
            .and(path("/cluster/quote"))
            .and(query_param("instance_type", "8xH100"))
            .and(query_param("num_nodes", "2"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"hourly_rate": 40.0})))
            .mount(&server)
            .await;
        let config = Config::new(Secret::new("k"), &server.uri()).expect("it is on this machine");
        let client = Client::new(config).expect("a client can be made");
        let scope = Scope::detached(Duration::from_secs(10));
        let quote = client.quotes().cluster("8xH100", 2, &scope).await.expect("there is an answer");
        assert_eq!(quote, Quote { hourly_rate: 40.0 });
        let error = client.quotes().storage(100, &scope).await.expect_err("nothing is there");
        assert_eq!((error.kind(), error.status()), (ErrorKind::UnexpectedStatus, Some(404)));
        assert!(error.is_missing_endpoint());
        assert!(error.message().is_some_and(|message| message.contains("tells no prices")));
    }
}
