//! What streams are told of that is no post.

use parvis_model::ids::AccountId;

use super::Hub;

impl Hub {
    /// Tells somebody's programs that their filters are others now.
    pub(super) fn tell_filters_changed(&self, owner: AccountId) {
        self.state().seated.retain(|_, seated| {
            seated.guest.account != owner
                || seated.tell(seated.streams.iter().filter(|s| s.stream.is_home()), "filters_changed", None)
        });
    }
}
