//! Prices. The endpoints are not documented and may not exist.

use serde_json::Value;

use crate::api::Api;
use crate::api_request::ApiRequest;
use crate::error::{Error, ErrorKind};
use crate::lenient;

/// A price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quote {
    /// The price in USD per hour.
    pub hourly_rate: f64,
}

impl Quote {
    fn read(body: &Value) -> Option<Self> {
        let body = lenient::unwrap(body, &["quote"]);
        lenient::number(body, &["hourly_rate", "price_per_hour"]).map(|hourly_rate| Self { hourly_rate })
    }
}

/// The operations on prices.
pub struct Quotes<'a>(&'a Api);

impl Api {
    /// Returns the operations on prices.
    #[must_use]
    pub fn quotes(&self) -> Quotes<'_> {
        Quotes(self)
    }
}

impl Quotes<'_> {
    /// Returns the price of a cluster.
    ///
    /// # Errors
    /// Returns an error with [`Error::is_missing_endpoint`] if the API does not have the endpoint, and another error if the
    /// API rejects the request or cannot be reached.
    pub async fn cluster(&self, instance_type: &str, num_nodes: u64) -> Result<Quote, Error> {
        let request = ApiRequest::get(&["cluster", "quote"])
            .query("instance_type", instance_type)
            .query("num_nodes", num_nodes.to_string());
        self.send_for_quote(request).await
    }

    /// Returns the price of a volume.
    ///
    /// # Errors
    /// Returns the same errors as [`cluster`](Self::cluster).
    pub async fn storage(&self, size_gb: u64) -> Result<Quote, Error> {
        let request = ApiRequest::get(&["storage", "quote"]).query("size_gb", size_gb.to_string());
        self.send_for_quote(request).await
    }

    async fn send_for_quote(&self, request: ApiRequest) -> Result<Quote, Error> {
        let operation = request.operation();
        match self.0.send(request).await {
            Ok(response) => Quote::read(&response.body)
                .ok_or_else(|| Error::invalid_response(operation, "the response contains no hourly rate")),
            // The request is not about an object, so the 404 is about the endpoint.
            Err(error) if error.is_not_found() => Err(Error::new(ErrorKind::UnexpectedStatus, operation)
                .status_code(404)
                .with_message(Some("the API reports no prices: it does not have this endpoint".to_owned()))),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wiremock::matchers::{method, path, query_param};
    use wiremock::{Mock, ResponseTemplate};

    use super::*;
    use crate::testing;

    #[test]
    fn a_rate_is_a_number_or_a_string() {
        for body in [json!({"hourly_rate": 2.5}), json!({"hourly_rate": "2.5"}), json!({"quote": {"hourly_rate": 2.5}})]
        {
            assert_eq!(Quote::read(&body), Some(Quote { hourly_rate: 2.5 }), "{body}");
        }
        assert_eq!(Quote::read(&json!({"message": "m"})), None);
    }

    #[tokio::test]
    async fn a_missing_endpoint_is_not_a_missing_object() {
        let (server, api) = testing::api(&[]).await;
        Mock::given(method("GET"))
            .and(path("/cluster/quote"))
            .and(query_param("instance_type", "8xH100"))
            .and(query_param("num_nodes", "2"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"hourly_rate": 40.0})))
            .mount(&server)
            .await;
        let quote = api.quotes().cluster("8xH100", 2).await.expect("there is a price");
        assert_eq!(quote, Quote { hourly_rate: 40.0 });
        let error = api.quotes().storage(100).await.expect_err("the endpoint does not exist");
        assert_eq!((error.kind(), error.status()), (ErrorKind::UnexpectedStatus, Some(404)));
        assert!(error.is_missing_endpoint());
        assert!(error.message().is_some_and(|message| message.contains("reports no prices")));
    }

    #[tokio::test]
    async fn a_denial_is_no_missing_endpoint() {
        let (_server, api) = testing::api(&[("/storage/quote", 403, json!({"message": "no"}))]).await;
        let error = api.quotes().storage(100).await.expect_err("it is denied");
        assert_eq!((error.kind(), error.message()), (ErrorKind::Forbidden, Some("no")));
        assert!(!error.is_missing_endpoint());
    }
}
