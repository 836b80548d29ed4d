//! What streams are told of posts: that they came, were edited, are gone. Each listener gets the copy that they would load themselves.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use parvis_domain::Town;
use parvis_domain::streams::{self, News};
use parvis_domain::views::{Mark, Place};
use parvis_model::ids::{AccountId, ListId, StatusId};

use super::Hub;
use crate::entities::Status;
use crate::streaming::stream::{Stream, Subscription};

impl Hub {
    /// Tells of a post those streams of the kind `to` that it belongs to.
    pub(super) async fn tell_post(
        &self,
        town: &Town,
        id: StatusId,
        event: &'static str,
        to: impl Fn(&Stream) -> bool,
    ) -> parvis_domain::Result<()> {
        let home = self.listeners(|s| s.is_home() && to(s));
        let open = self.listeners(|s| s.is_open() && to(s));
        let owners = self.listeners(|s| s.list().is_some() && to(s));
        let lists: Vec<ListId> = if owners.is_empty() { Vec::new() } else { self.lists() };
        if home.is_empty() && open.is_empty() && lists.is_empty() {
            return Ok(());
        }
        let concerned: HashSet<AccountId> = home.iter().chain(&open).chain(&owners).copied().collect();
        let tokens = self.tokens(|account| concerned.contains(&account));
        let load = move |c: &mut parvis_domain::Conn| streams::news(c, id, &home, &open, &lists);
        if let Some(news) = self.load(town, tokens, load).await? {
            self.hand_over(town, &news, id, event, to);
        }
        Ok(())
    }

    fn hand_over(
        &self,
        town: &Town,
        news: &News,
        id: StatusId,
        event: &'static str,
        to: impl Fn(&Stream) -> bool,
    ) {
        let mut copies = Copies::of(town, news);
        self.state().seated.retain(|_, seated| {
            let viewer = seated.guest.account;
            let is_new = |is_list| event != "update" || !seated.was_sent_there(id, is_list);
            let is_there = |stream: &Stream| match stream {
                Stream::User => news.at_home.contains(&viewer) && is_new(false),
                Stream::List(list) => news.lists.contains(list) && is_new(true),
                // Silenced people show in public to those only who follow them.
                open => open.carries(&news.places) && news.crowd.is_for(viewer, Place::Public),
            };
            let belongs = |s: &&Subscription| to(&s.stream) && is_there(&s.stream);
            if !seated.streams.iter().any(|s| belongs(&s)) {
                return true;
            }
            let Some(payload) = copies.for_viewer(viewer) else { return true };
            let has_taken = seated.tell(seated.streams.iter().filter(belongs), event, Some(&payload));
            let showed =
                |is_list| seated.streams.iter().any(|s| s.stream.list().is_some() == is_list && belongs(&s));
            let (on_list, at_home) = (showed(true), showed(false) && news.at_home.contains(&viewer));
            if on_list {
                seated.remember(id, true);
            }
            if at_home {
                seated.remember(id, false);
            }
            has_taken
        });
    }

    pub(super) async fn tell_deletion(&self, town: &Town, id: i64) -> parvis_domain::Result<()> {
        let home = self.listeners(Stream::is_home);
        let tokens = self.tokens(|_| true);
        let Some(gone) = self.load(town, tokens, move |c| streams::gone(c, id, &home)).await? else {
            return Ok(());
        };
        let payload: Arc<str> = gone.id.to_string().into();
        self.state().seated.retain(|_, seated| {
            let is_at_home = gone.at_home.contains(&seated.guest.account) || seated.was_sent(gone.id);
            let showed = |s: &&Subscription| match &s.stream {
                Stream::User => is_at_home,
                Stream::List(list) => gone.lists.contains(list) || seated.was_sent_there(gone.id, true),
                open => open.carries(&gone.places),
            };
            seated.tell(seated.streams.iter().filter(showed), "delete", Some(&payload))
        });
        Ok(())
    }
}

/// A post as JSON, once for all viewers whose copy is the same.
struct Copies<'a> {
    town: &'a Town,
    news: &'a News,
    rendered: HashMap<Mark<'a>, Option<Arc<str>>>,
}

impl<'a> Copies<'a> {
    fn of(town: &'a Town, news: &'a News) -> Self {
        Self { town, news, rendered: HashMap::new() }
    }

    /// The viewer's copy; `None` for who may not see it.
    fn for_viewer(&mut self, viewer: AccountId) -> Option<Arc<str>> {
        let mark = self.news.crowd.mark(viewer)?;
        if let Some(copy) = self.rendered.get(&mark) {
            return copy.clone();
        }
        let view = self.news.crowd.seen_by(viewer)?;
        let status = Status::of(&view, Some(viewer), self.town.urls());
        let copy: Option<Arc<str>> = serde_json::to_string(&status).ok().map(Arc::from);
        self.rendered.insert(mark, copy.clone());
        copy
    }
}
