//! Prices. The price of volumes is the published one; those of GPUs are invented, because no API for the real ones is
//! documented.

use serde_json::{Value, json};

use super::handler::Handler;
use super::instance_type::check_instance_type;
use crate::api::{ApiRequest, ApiResponse};
use crate::world::World;

/// The invented prices: USD per hour for one unit of a model.
const UNIT_RATES: [(&str, f64); 7] =
    [("H100", 2.0), ("H200", 3.0), ("B200", 4.0), ("B300", 5.0), ("L40S", 1.0), ("MI300X", 2.5), ("CPU", 0.05)];

/// Returns the price of a volume in USD per hour: 0.10 per GB and month of 730 hours. The length of the real month is not
/// known.
pub(super) fn storage_rate(size_gb: u64) -> f64 {
    f64::from(u32::try_from(size_gb).unwrap_or(u32::MAX)) * 0.10 / 730.0
}

/// Returns the price of a cluster in USD per hour.
pub(super) fn cluster_rate(instance_type: &str, num_nodes: u32) -> f64 {
    let (count, model) = instance_type.split_once('x').unwrap_or(("1", instance_type));
    let unit = UNIT_RATES.iter().find(|(name, _)| *name == model).map_or(1.0, |(_, price)| *price);
    unit * f64::from(count.parse::<u32>().unwrap_or(1)) * f64::from(num_nodes)
}

fn rate(hourly_rate: f64) -> ApiResponse {
    ApiResponse::json(200, &json!({"message": format!("{hourly_rate:.4} USD per hour"), "hourly_rate": hourly_rate}))
}

fn missing(name: &str) -> ApiResponse {
    ApiResponse::invalid(&json!(["query", name]), "Field required")
}

/// The endpoints of prices, which are constant.
pub(crate) struct Quotes;

impl Handler for Quotes {
    fn handle(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        let ("GET", [object @ ("cluster" | "storage"), "quote"]) = request.route() else { return None };
        if world.options.variants.without_quotes {
            return Some(ApiResponse::not_found());
        }
        let number =
            |name: &str| request.parameter(name).map(|text| serde_json::from_str::<Value>(&text).ok()?.as_u64());
        Some(match *object {
            "cluster" => match (request.parameter("instance_type"), number("num_nodes").unwrap_or(Some(1))) {
                (Some(instance_type), Some(nodes)) if nodes > 0 => {
                    match check_instance_type(&instance_type, world.options.variants.any_instance_type) {
                        Ok(()) => rate(cluster_rate(&instance_type, u32::try_from(nodes).unwrap_or(u32::MAX))),
                        Err(message) => ApiResponse::invalid(&json!(["query", "instance_type"]), &message),
                    }
                }
                (Some(_), _) => missing("num_nodes"),
                (None, _) => missing("instance_type"),
            },
            _ => match number("size_gb").flatten() {
                Some(size) => rate(storage_rate(size)),
                None => missing("size_gb"),
            },
        })
    }
}
