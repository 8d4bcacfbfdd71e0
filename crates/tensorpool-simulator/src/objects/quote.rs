//! Prices. That of volumes is the published one; those of GPUs are invented, as the real ones are not published where an
//! API could be seen.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Kind;
use crate::reply::{Call, Reply};
use crate::world::World;

/// Prices do not change.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State;

/// Invented: USD for an hour of one unit of a model.
const INVENTED: [(&str, f64); 7] =
    [("H100", 2.0), ("H200", 3.0), ("B200", 4.0), ("B300", 5.0), ("L40S", 1.0), ("MI300X", 2.5), ("CPU", 0.05)];

/// USD for an hour of a volume: 0.10 for a GB in a month of 730 hours. How long the real month is, is not known.
pub(super) fn storage_rate(size_gb: u64) -> f64 {
    f64::from(u32::try_from(size_gb).unwrap_or(u32::MAX)) * 0.10 / 730.0
}

/// USD for an hour of a cluster.
pub(super) fn cluster_rate(instance_type: &str, num_nodes: u32) -> f64 {
    let (count, model) = instance_type.split_once('x').unwrap_or(("1", instance_type));
    let unit = INVENTED.iter().find(|(name, _)| *name == model).map_or(1.0, |(_, price)| *price);
    unit * f64::from(count.parse::<u32>().unwrap_or(1)) * f64::from(num_nodes)
}

fn rate(hourly_rate: f64) -> Reply {
    Reply::json(200, &json!({"message": format!("{hourly_rate:.4} USD per hour"), "hourly_rate": hourly_rate}))
}

fn missing(name: &str) -> Reply {
    Reply::invalid(&json!(["query", name]), "Field required")
}

impl Kind for State {
    fn answer(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        let ("GET", [object @ ("cluster" | "storage"), "quote"]) = call.route() else { return None };
        if world.options.variants.without_quotes {
            return Some(Reply::not_found());
        }
        let number = |name: &str| call.parameter(name).map(|text| serde_json::from_str::<Value>(&text).ok()?.as_u64());
        Some(match *object {
            "cluster" => match (call.parameter("instance_type"), number("num_nodes").unwrap_or(Some(1))) {
                (Some(instance_type), Some(nodes)) if nodes > 0 => {
                    rate(cluster_rate(&instance_type, u32::try_from(nodes).unwrap_or(u32::MAX)))
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
