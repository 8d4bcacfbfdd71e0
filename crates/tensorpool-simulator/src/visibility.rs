//! Which objects a read finds: reads may lag behind what really exists, and the API may return a deleted object for a while.

use crate::api::ApiResponse;
use crate::clock::{self, Moment};
use crate::options::Options;
use crate::state::lifetime::Lifetime;
use crate::state::provisioned::Provisioned;
use crate::variants::Gone;

/// What a read finds of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visibility {
    Exists,
    /// The object is deleted, and the API still returns it.
    Tombstone,
    Forbidden,
    NotFound,
}

impl Visibility {
    /// Whether the API returns the object.
    pub fn is_returned(self) -> bool {
        matches!(self, Self::Exists | Self::Tombstone)
    }

    /// The error for an object that the API does not return.
    fn error(self, not_found: &str) -> ApiResponse {
        match self {
            Self::Forbidden => ApiResponse::error(403, "Access denied"),
            Self::Exists | Self::Tombstone | Self::NotFound => ApiResponse::error(404, not_found),
        }
    }
}

impl Gone {
    /// Returns what is found of an object without any lag.
    fn visibility(self, deleted_at: Option<Moment>, now: Moment) -> Visibility {
        match (self, deleted_at) {
            (_, None) => Visibility::Exists,
            (Self::ShownForMs(ms), Some(at)) if now < at.saturating_add(ms) => Visibility::Tombstone,
            (Self::Forbidden, Some(_)) => Visibility::Forbidden,
            (_, Some(_)) => Visibility::NotFound,
        }
    }
}

impl Options {
    /// Whether reads do not reflect yet what happened at `then`.
    pub(crate) fn lags(&self, then: Moment, now: Moment) -> bool {
        now < then.saturating_add(clock::millis(self.lag))
    }

    /// Returns what a read finds of an object.
    pub(crate) fn visibility(&self, lifetime: Lifetime, now: Moment) -> Visibility {
        if self.lags(lifetime.created_at, now) {
            return Visibility::NotFound;
        }
        self.variants.gone.visibility(lifetime.deleted_at.filter(|at| !self.lags(*at, now)), now)
    }

    /// Returns the object if a read finds it.
    ///
    /// # Errors
    /// Returns the error of the API if a read does not.
    pub(crate) fn visible<'a, T: Provisioned>(
        &self,
        object: Option<&'a T>,
        not_found: &str,
    ) -> Result<&'a T, ApiResponse> {
        let visibility = object.map_or(Visibility::NotFound, |object| self.visibility(object.lifetime(), clock::now()));
        object.filter(|_| visibility.is_returned()).ok_or_else(|| visibility.error(not_found))
    }

    /// Returns the object if it exists, whatever reads find: a change acts on what really exists.
    ///
    /// # Errors
    /// Returns the error of the API if the object does not exist.
    pub(crate) fn existing<'a, T: Provisioned>(
        &self,
        object: Option<&'a T>,
        not_found: &str,
    ) -> Result<&'a T, ApiResponse> {
        let deleted_at = object.map(|object| object.lifetime().deleted_at);
        let visibility = deleted_at.map_or(Visibility::NotFound, |at| self.variants.gone.visibility(at, clock::now()));
        object.filter(|_| visibility == Visibility::Exists).ok_or_else(|| visibility.error(not_found))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    use crate::state::owner::Owner;

    struct Object(Lifetime);

    impl Provisioned for Object {
        fn id(&self) -> &'static str {
            ""
        }

        fn name(&self) -> &'static str {
            ""
        }

        fn owner(&self) -> Owner {
            Owner::User
        }

        fn lifetime(&self) -> Lifetime {
            self.0
        }

        fn lifetime_mut(&mut self) -> &mut Lifetime {
            &mut self.0
        }
    }

    #[test]
    fn a_deleted_object_may_be_returned_for_a_while() {
        let gone = Gone::ShownForMs(10);
        let found = [None, Some(91), Some(90)].map(|deleted_at| gone.visibility(deleted_at, 100));
        assert_eq!(found, [Visibility::Exists, Visibility::Tombstone, Visibility::NotFound]);
        assert_eq!(Gone::Forbidden.visibility(Some(1), 100), Visibility::Forbidden);
    }

    #[test]
    fn reads_may_lag() {
        let mut options = Options { lag: Duration::from_millis(10), ..Options::default() };
        let found =
            |options: &Options, created_at, deleted_at| options.visibility(Lifetime { created_at, deleted_at }, 100);
        assert_eq!(found(&options, 91, None), Visibility::NotFound);
        assert_eq!(found(&options, 90, None), Visibility::Exists);
        assert_eq!(found(&options, 50, Some(91)), Visibility::Exists);
        assert_eq!(found(&options, 50, Some(90)), Visibility::NotFound);
        assert_eq!(found(&options, 95, Some(97)), Visibility::NotFound);
        options.variants.gone = Gone::Forbidden;
        assert_eq!([91, 90].map(|at| found(&options, 50, Some(at))), [Visibility::Exists, Visibility::Forbidden]);
    }

    #[test]
    fn a_change_finds_what_exists_whatever_reads_find() {
        let options = Options { lag: Duration::from_hours(1), ..Options::default() };
        let new = Object(Lifetime::starting_now());
        let deleted = Object(Lifetime { deleted_at: Some(clock::now()), ..new.0 });
        let status = |result: Result<&Object, ApiResponse>| result.map_or_else(|error| error.status, |_| 200);
        assert_eq!(status(options.visible(Some(&new), "")), 404);
        assert_eq!(status(options.existing(Some(&new), "")), 200);
        assert_eq!(status(options.existing(Some(&deleted), "")), 404);
        assert_eq!(status(options.existing(None, "")), 404);
    }
}
