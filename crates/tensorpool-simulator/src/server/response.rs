//! Responses as hyper sends them, also those that break off.

use std::convert::Infallible;
use std::{future, io};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::Response;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::Frame;

use crate::api::ApiResponse;

pub(super) type Body = BoxBody<Bytes, io::Error>;

/// The error that makes hyper close the connection.
pub(super) fn dropped() -> io::Error {
    io::Error::other("a fault closed the connection")
}

/// Converts a response. If it is cut, the connection is closed in the middle of the body.
pub(super) fn to_http(response: ApiResponse, cut: bool) -> Response<Body> {
    let ApiResponse { status, body, headers, .. } = response;
    let length = body.len();
    let mut bytes = Bytes::from(body);
    let body: Body = if cut {
        let half = stream::once(future::ready(Ok(Frame::data(bytes.split_to(length / 2)))));
        // hyper sends what it has while it waits for more, and drops it if there is an error before.
        let break_off = stream::once(async {
            tokio::task::yield_now().await;
            Err(dropped())
        });
        BoxBody::new(StreamBody::new(half.chain(break_off)))
    } else {
        Full::new(bytes).map_err(|never: Infallible| match never {}).boxed()
    };
    let mut response = Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (http::HeaderName::try_from(name), http::HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    if cut {
        response.headers_mut().insert(http::header::CONTENT_LENGTH, length.into());
    }
    response
}
