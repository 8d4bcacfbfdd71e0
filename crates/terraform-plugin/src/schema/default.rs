//! Defaults: a value, or code that chooses one.

use std::borrow::Cow;

use super::Attribute;
use crate::value::{Misfit, Value};

impl Attribute {
    /// A [`default`](Self::default) that is chosen by code: from the configuration of the object that the attribute stands in, the element
    /// of a nested attribute or the whole. What is left out there is null, also if it has a default of its own. The description says nothing
    /// of it but what [`default_is`](Self::default_is) has.
    ///
    /// Terraform plans twice, and what was planned must not change: the same configuration has to lead to the same default. What
    /// depends on something that is not known yet returns [`Value::unknown`]; what has something random in it is
    /// [`generated_with`](Self::generated_with). What copies a [text](Self::text) has the type of that text, as another spelling of it
    /// would be a change otherwise.
    ///
    /// ```
    /// use terraform_plugin::schema::{Attribute, Schema};
    ///
    /// // "The title. Default: the `name`."
    /// let title = Attribute::string("The title.")
    ///     .default_with(|book| book.get("name").cloned())
    ///     .default_is("the `name`");
    /// let schema = Schema::new("A book.")
    ///     .attribute("name", Attribute::string("The name.").required())
    ///     .attribute("title", title);
    /// ```
    #[must_use]
    pub fn default_with<T: Into<Value>>(mut self, choose: impl Fn(&Value) -> T + Send + Sync + 'static) -> Self {
        self.chosen_default = Some(Box::new(move |object| choose(object).into()));
        self.optional = true;
        self.computed = true;
        self
    }

    pub(crate) fn has_default(&self) -> bool {
        self.default.is_some() || self.chosen_default.is_some()
    }

    /// The default in an object that is configured so.
    ///
    /// # Errors
    /// With where one that was chosen is of another type.
    pub(crate) fn default_in(&self, object: &Value) -> Result<Option<Cow<'_, Value>>, Vec<Misfit>> {
        let Some(choose) = &self.chosen_default else { return Ok(self.default.as_ref().map(Cow::Borrowed)) };
        let (chosen, misfits) = choose(object).fit(&self.value_type());
        if misfits.is_empty() { Ok(Some(Cow::Owned(chosen))) } else { Err(misfits) }
    }
}
