//! `tensorpool_user_preferences`.

use tensorpool_simulator::Simulator;

use crate::subject::{Object, Subject};

/// It always exists, so there is nothing to lose; what counts is that the second run comes right.
pub struct UserPreferences;

fn preferences(reload: u32) -> String {
    format!(
        "resource \"tensorpool_user_preferences\" \"it\" {{\n  notify_email_cluster_create = true\n  \
         balance_warning_threshold = 500\n  autopay_reload_threshold = {reload}\n\n  \
         timeouts {{\n    create = \"12s\"\n    update = \"12s\"\n    read = \"6s\"\n  }}\n}}\n"
    )
}

impl Subject for UserPreferences {
    fn type_name(&self) -> &'static str {
        "tensorpool_user_preferences"
    }

    fn created(&self) -> String {
        preferences(50)
    }

    fn updated(&self) -> Option<String> {
        Some(preferences(60))
    }

    fn replaced(&self) -> Option<String> {
        None
    }

    fn protected(&self) -> Option<String> {
        None
    }

    fn is_paid(&self) -> bool {
        false
    }

    fn is_created(&self) -> bool {
        false
    }

    fn truth(&self, _: &Simulator) -> Vec<Object> {
        Vec::new()
    }

    fn name(&self) -> &'static str {
        "preferences"
    }

    fn create_outside(&self, _: &Simulator, _: &str) -> String {
        "preferences".to_owned()
    }

    fn lock(&self, _: &Simulator, _: &str, _: bool) {}
}
