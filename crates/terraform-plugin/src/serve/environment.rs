//! The environment variables that a plugin obeys, read once.

/// What the client passes to a plugin through its environment: see `client.go` and `server.go` of go-plugin.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    /// Proves that Terraform started the process, and not a person.
    pub magic_cookie: Option<String>,
    /// The versions of the protocol that the client speaks, for example `5,6`.
    pub protocol_versions: Option<String>,
    /// The client's certificate in PEM. Without one there is no TLS.
    pub client_certificate: Option<String>,
    /// Where to put a unix socket.
    #[cfg(unix)]
    pub socket_directory: Option<std::path::PathBuf>,
    /// The range of TCP ports, where there is no unix socket.
    pub ports: (Option<u16>, Option<u16>),
    /// The client understands a seventh field in the handshake line.
    pub multiplexing: bool,
    /// The level of the log, from `TF_LOG_PROVIDER` or `TF_LOG`.
    pub log_level: Option<String>,
}

impl Environment {
    /// Reads the process's environment.
    pub fn of_process() -> Self {
        Self::from(|name| std::env::var(name).ok())
    }

    /// Reads an environment. An empty variable counts as absent.
    pub fn from(variable: impl Fn(&str) -> Option<String>) -> Self {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let port = |name: &str| variable(name).and_then(|value| value.parse().ok());
        Self {
            magic_cookie: variable("TF_PLUGIN_MAGIC_COOKIE"),
            protocol_versions: variable("PLUGIN_PROTOCOL_VERSIONS"),
            client_certificate: variable("PLUGIN_CLIENT_CERT"),
            #[cfg(unix)]
            socket_directory: variable("PLUGIN_UNIX_SOCKET_DIR").map(Into::into),
            ports: (port("PLUGIN_MIN_PORT"), port("PLUGIN_MAX_PORT")),
            multiplexing: variable("PLUGIN_MULTIPLEX_GRPC").is_some(),
            log_level: variable("TF_LOG_PROVIDER").or_else(|| variable("TF_LOG")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_variable_is_read_and_an_empty_one_is_none() {
        let all = Environment::from(|name| match name {
            "PLUGIN_MIN_PORT" => Some("10000".to_owned()),
            "PLUGIN_MAX_PORT" => Some("many".to_owned()),
            name => Some(format!("<{name}>")),
        });
        assert_eq!(all.magic_cookie.as_deref(), Some("<TF_PLUGIN_MAGIC_COOKIE>"));
        assert_eq!(all.protocol_versions.as_deref(), Some("<PLUGIN_PROTOCOL_VERSIONS>"));
        assert_eq!(all.client_certificate.as_deref(), Some("<PLUGIN_CLIENT_CERT>"));
        #[cfg(unix)]
        assert_eq!(all.socket_directory, Some("<PLUGIN_UNIX_SOCKET_DIR>".into()));
        assert_eq!(all.ports, (Some(10_000), None));
        assert!(all.multiplexing);
        assert_eq!(all.log_level.as_deref(), Some("<TF_LOG_PROVIDER>"));

        let others = Environment::from(|name| match name {
            "TF_LOG" => Some("debug".to_owned()),
            _ => Some(String::new()),
        });
        assert_eq!(others.log_level.as_deref(), Some("debug"));
        assert_eq!((others.magic_cookie, others.client_certificate, others.multiplexing), (None, None, false));
    }
}
