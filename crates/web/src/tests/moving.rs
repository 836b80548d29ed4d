//! Moving and leaving on the pages, as somebody without script does it.

use parvis_domain::accounts::find;
use parvis_domain::testing::{PASSWORD, Town};
use parvis_domain::views;

use super::Browser;

#[tokio::test]
async fn somebody_names_a_former_account_and_moves_away_with_their_password() {
    let town = Town::new().await;
    let (ana, _) = (town.resident("ana").await, town.resident("ben").await);
    let mut ben = Browser::new(&town);
    ben.sign_in("ben").await;
    let nobody = ben.fill("/settings/move", "/settings/move/alias", &[("alias", "@nobody")]).await;
    assert_eq!(nobody.code, 422);
    assert!(nobody.html.contains("No account can be found"), "{}", nobody.html);
    let named = ben.fill("/settings/move", "/settings/move/alias", &[("alias", "@ana@town.example")]).await;
    assert_eq!((named.code.as_u16(), named.location()), (303, "/settings/move?done=alias"));
    assert!(ben.get("/settings/move?done=alias").await.html.contains("@ana"));
    let mut browser = Browser::new(&town);
    browser.sign_in("ana").await;
    let form = |password: &'static str| [("to", "@ben"), ("password", password)];
    let wrong = browser.fill("/settings/move", "/settings/move/go", &form("not this one")).await;
    assert_eq!(wrong.code, 422);
    let moved = browser.fill("/settings/move", "/settings/move/go", &form(PASSWORD)).await;
    assert_eq!((moved.code.as_u16(), moved.location()), (303, "/settings/move?done=moved"));
    let page = browser.get("/settings/move").await.html;
    assert!(page.contains("This account has moved to") && page.contains("can move again on"), "{page}");
    assert!(!page.contains("action=\"/settings/move/go\""), "not before 30 days are over");
    assert!(Browser::new(&town).get("/@ana").await.html.contains("This account has moved to"));
    browser.fill("/settings/move", "/settings/move/stay", &[]).await;
    let view = town.read(move |c| Ok(views::of_accounts(c, &[ana])?.remove(0))).await;
    assert!(view.moved.is_none());
}

#[tokio::test]
async fn somebody_deletes_their_account_and_is_signed_out() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let mut browser = Browser::new(&town);
    browser.language = "fr";
    browser.sign_in("ana").await;
    assert!(browser.get("/settings").await.html.contains("/settings/delete"));
    let wrong = browser.fill("/settings/delete", "/settings/delete", &[("password", "not this one")]).await;
    assert_eq!(wrong.code, 422);
    assert!(town.read(move |c| find::by_id(c, ana)).await.is_active());
    let done = browser.fill("/settings/delete", "/settings/delete", &[("password", PASSWORD)]).await;
    assert!(done.html.contains("Votre compte est supprimé"), "{}", done.html);
    assert!(town.read(move |c| find::by_id(c, ana)).await.gone_at.is_some());
    assert_eq!(browser.get("/settings").await.location(), "/auth/sign_in?next=%2Fsettings");
    assert_eq!(browser.sign_in("ana").await.code, 422);
}
