//! A town to look at while working on its pages: `cargo run -p parvis-web --example square`, then <http://localhost:4400/>. People and posts are made
//! through the real use cases, in a database that is thrown away. Sign in as `mila` or `mod` with the password printed at the start.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a tool for developers stops and says why")]

use parvis_domain::oauth::apps::{self, NewApp};
use parvis_domain::statuses::{self, Draft};
use parvis_domain::testing::{PASSWORD, Town};
use parvis_domain::{accounts, reactions, sign_in};
use parvis_model::account::Role;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::{HOUR, MINUTE};

#[tokio::main]
async fn main() {
    let port = std::env::args().nth(1).unwrap_or_else(|| "4400".to_owned());
    let domain = format!("localhost:{port}");
    let town = Town::builder().domain(&domain).settings(settings).build().await;
    seed(&town).await;
    let client = register_a_program(&town).await;
    let listener =
        tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.expect("the port is free");
    println!("http://{domain}/  mila and mod sign in with: {PASSWORD}");
    println!(
        "/oauth/authorize?response_type=code&client_id={client}&redirect_uri=https%3A%2F%2Felk.zone%2Fcb&scope=read+write:statuses+follow"
    );
    axum::serve(listener, parvis_web::router(town.handle())).await.expect("serves");
}

fn settings(settings: &mut parvis_config::Settings) {
    settings.accounts.registration = parvis_config::Registration::Approval;
    let own = &mut settings.town;
    own.name = "Clairval-sur-Orne".to_owned();
    own.description =
        "Questions de quartier, travaux, marchés, coups de main\u{a0}: la commune se parle ici.".to_owned();
    own.contact_email = Some("mairie@clairval.example".to_owned());
    own.legal_notice = "Éditeur : Ville de Clairval-sur-Orne\n1 place de la Mairie\n\nDirection de la publication : Mme la maire".to_owned();
    own.languages = vec!["fr".to_owned(), "en".to_owned()];
    own.rules = vec![
        "Respecter les autres : ni insultes, ni menaces, ni haine.".to_owned(),
        "Ne pas publier de détails privés d’autrui.".to_owned(),
        "Pas de publicité, pas d’usurpation d’identité.".to_owned(),
    ];
}

async fn seed(town: &Town) {
    let roads = person(town, "voirie", "Service voirie", Role::Officer).await;
    let mila = person(town, "mila", "Mila Roussel", Role::Resident).await;
    let karim = person(town, "karim", "Karim B.", Role::Resident).await;
    let josette = person(town, "josette", "Josette", Role::Resident).await;
    town.moderator("mod").await;
    ask_for_an_account(town).await;

    let question = "Est-ce que quelqu’un sait quand rouvre la passerelle du Pont-Vieux ? \
        Le détour par la gare prend vingt minutes avec une poussette. #Travaux";
    let question = post(town, mila, question, None).await;
    town.clock.advance(20 * MINUTE);
    let answer = "@mila La passerelle rouvre jeudi à 7 h. Les planches ont été changées, il reste le garde-corps côté aval. \
        Détails : https://clairval.example/travaux/passerelle-du-pont-vieux\n\n— Service voirie, Ville de Clairval";
    let answer = post(town, roads, answer, Some(question)).await;
    town.clock.advance(7 * MINUTE);
    post(town, karim, "@voirie Merci, réponse en vingt minutes, je n’y croyais plus.", Some(answer)).await;
    town.clock.advance(2 * HOUR);
    let market = "Marché de samedi : on cherche deux paires de bras pour monter les stands à 6 h 30. \
        Café et brioche offerts ! #CoupDeMain #Marché";
    let market = post(town, josette, market, None).await;
    town.clock.advance(3 * HOUR);
    let play = Draft {
        text: "Le héros meurt, mais pas comme on croit. La mise en scène vaut le déplacement.".to_owned(),
        warning: "fin de la pièce de théâtre".to_owned(),
        ..Draft::default()
    };
    draft(town, karim, play).await;
    town.clock.advance(40 * MINUTE);
    town.write(move |tx| {
        reactions::favourite(tx, mila, market, None)?;
        statuses::boost(tx, mila, market, None).map(|_| ())
    })
    .await;
    let works = "Rue des Tanneurs : circulation alternée lundi et mardi pour le raccordement d’eau. \
        Les bacs seront relevés le soir. #Travaux";
    post(town, roads, works, None).await;
    town.clock.advance(12 * MINUTE);
}

async fn person(town: &Town, username: &str, name: &'static str, role: Role) -> AccountId {
    let id = town.account(username, role).await;
    let site = "https://clairval.example/voirie";
    town.write(move |tx| {
        let change = accounts::profile::Change {
            display_name: Some(name.to_owned()),
            bio: Some("Habite le quartier du Pont. Jardins, vélos et la fanfare. #Clairval".to_owned()),
            fields: Some(vec![
                ("Quartier".to_owned(), "Le Pont".to_owned()),
                ("Site".to_owned(), site.to_owned()),
            ]),
            ..Default::default()
        };
        accounts::profile::update(tx, id, &change).map(|_| ())
    })
    .await;
    id
}

/// Somebody who waits for the moderators.
async fn ask_for_an_account(town: &Town) {
    let form = accounts::SignUp {
        username: "tonio".to_owned(),
        email: "tonio@mail.example".to_owned(),
        password: PASSWORD.to_owned(),
        reason: "J’habite rue des Tanneurs depuis mars et je voudrais aider au jardin partagé.".to_owned(),
        accepts_rules: true,
        locale: "fr".to_owned(),
        from: None,
    };
    accounts::sign_up(town, form).await.expect("the form is right");
    let token = town.mail.token_to("tonio@mail.example");
    town.write(move |tx| sign_in::confirm::confirm(tx, &token).map(|_| ())).await;
}

async fn register_a_program(town: &Town) -> String {
    let new = NewApp {
        name: "Elk".to_owned(),
        redirect_uris: vec!["https://elk.zone/cb".to_owned()],
        scopes: Some("read write follow".to_owned()),
        website: Some("https://elk.zone".to_owned()),
    };
    town.write(move |tx| apps::register(tx, &new)).await.expect("the program is registered").app.client_id
}

async fn post(town: &Town, by: AccountId, text: &str, to: Option<StatusId>) -> StatusId {
    let new =
        Draft { text: text.to_owned(), in_reply_to: to, language: Some("fr".to_owned()), ..Draft::default() };
    draft(town, by, new).await
}

async fn draft(town: &Town, by: AccountId, draft: Draft) -> StatusId {
    town.write(move |tx| statuses::publish(tx, by, &draft)).await
}
