//! The pages of a town: HTML made on the server, usable without script, in French and English. A door: it reads forms, asks `domain`, and renders
//! templates; no SQL, no rules of its own, no JSON (that is `client-api` and `federation`).
//!
//! A request: [`router`] → `visitor::look` (who looks) → `pages::<topic>` (asks `domain`) → `cards` (what is shown) → `templates/<topic>`. Failures go
//! through `trouble`, forms through `forms`, redirects through `redirects`; sentences are in `crates/i18n/locales/*/web.ftl`, the look in `assets`.

mod assets;
mod cards;
mod cookies;
mod desk;
mod forms;
mod frame;
mod headers;
mod page;
mod pages;
mod redirects;
mod sanitised;
mod session;
mod trouble;
mod visitor;
mod when;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use parvis_domain::Town;

use crate::desk::{appeals, approvals};
use crate::pages::{
    consent, data, facilitate, front, leaving, machine, moving, password, post as one_post, profile, search,
    settings, sign_in, sign_up, strikes, timelines, town as own,
};

/// All pages of a town. The fallback is the page "not found"; routes of other doors are merged in beside these.
pub fn router(town: Town) -> Router {
    let pages = Router::new()
        .route("/", get(front::show))
        .route("/public", get(timelines::wide))
        .route("/public/local", get(timelines::local))
        .route("/tags/{name}", get(timelines::tag))
        .route("/@{user}", get(profile::show))
        .route("/@{user}/with_replies", get(profile::with_replies))
        .route("/@{user}/facilitate", get(facilitate::show).post(facilitate::decide))
        .route("/@{user}/{id}", get(one_post::show))
        .route("/@{user}/{id}/vote", post(one_post::vote))
        .route("/about", get(own::about))
        .route("/about/rules", get(own::rules))
        .route("/about/legal", get(own::legal))
        .route("/search", get(search::show))
        .route("/auth/sign_up", get(sign_up::show).post(sign_up::send))
        .route("/auth/confirm", get(sign_up::ask_confirm).post(sign_up::confirm))
        .route("/auth/confirm/new", get(sign_up::ask_again).post(sign_up::send_again))
        .route("/auth/sign_in", get(sign_in::show).post(sign_in::send))
        .route("/auth/sign_out", post(sign_in::leave))
        .route("/auth/password", get(password::show).post(password::ask))
        .route("/auth/password/edit", get(password::choose).post(password::change))
        .route("/oauth/authorize", get(consent::show).post(consent::decide))
        .route("/oauth/authorize/native", get(consent::code))
        .route("/settings", get(settings::show))
        .route("/settings/password", post(settings::change_password))
        .route("/settings/sign_out_everywhere", post(settings::sign_out_everywhere))
        .route("/settings/move", get(moving::show))
        .route("/settings/move/alias", post(moving::add_alias))
        .route("/settings/move/unalias", post(moving::remove_alias))
        .route("/settings/move/go", post(moving::go))
        .route("/settings/move/stay", post(moving::stay))
        .route(
            "/settings/data",
            get(data::show).post(data::upload).layer(DefaultBodyLimit::max(forms::FILE_FORM_BYTES_MAX)),
        )
        .route("/settings/data/{file}", get(data::download))
        .route("/settings/delete", get(leaving::show).post(leaving::delete))
        .route("/disputes/strikes", get(strikes::show).post(strikes::appeal))
        .route("/disputes/strikes/{id}", get(strikes::one))
        .route("/desk/appeals", get(appeals::show).post(appeals::decide))
        .route("/desk/approvals", get(approvals::show).post(approvals::decide))
        .fallback(nothing)
        .layer(DefaultBodyLimit::max(forms::FORM_BYTES_MAX))
        .layer(from_fn_with_state(town.clone(), visitor::look));
    pages
        .route("/assets/{name}", get(assets::serve))
        .route("/favicon.svg", get(assets::favicon))
        .route("/icon-48.png", get(|| assets::icon(48)))
        .route("/icon-192.png", get(|| assets::icon(192)))
        .route("/icon-512.png", get(|| assets::icon(512)))
        .route("/robots.txt", get(machine::robots))
        .route("/.well-known/security.txt", get(machine::security))
        .with_state(town)
}

/// Nothing here.
async fn nothing() -> trouble::Trouble {
    trouble::Trouble::NotFound
}

#[cfg(test)]
mod tests;
