//! A town to look at while working on its pages: `cargo run -p parvis-web --example square`, then <http://localhost:4400/>. People and posts are made
//! through the real use cases, in a database that is thrown away. Sign in as `mila` or `mod` with the password printed at the start.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a tool for developers stops and says why")]

use parvis_domain::statuses::{self, Draft};
use parvis_domain::testing::{PASSWORD, Town};
use parvis_domain::{accounts, reactions};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::{HOUR, MINUTE};
use parvis_model::visibility::Visibility;

#[tokio::main]
async fn main() {
    let port = std::env::args().nth(1).unwrap_or_else(|| "4400".to_owned());
    let domain = format!("localhost:{port}");
    let town = Town::builder().domain(&domain).settings(settings).build().await;
    seed(&town).await;
    let listener =
        tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.expect("the port is free");
    println!("http://{domain}/  mila and mod sign in with: {PASSWORD}");
    axum::serve(listener, parvis_web::router(town.handle())).await.expect("serves");
}

fn settings(settings: &mut parvis_config::Settings) {
    settings.accounts.registration = parvis_config::Registration::Approval;
    settings.town.name = "Clairval-sur-Orne".to_owned();
    settings.town.description =
        "Questions de quartier, travaux, marchés, coups de main : la commune se parle ici.".to_owned();
    settings.town.contact_email = Some("mairie@clairval.example".to_owned());
    settings.town.legal_notice = "Éditeur : Ville de Clairval-sur-Orne\n1 place de la Mairie\n\nDirection de la publication : Mme la maire\n\nHébergement : service informatique de la ville".to_owned();
    settings.town.languages = vec!["fr".to_owned(), "en".to_owned()];
}

async fn seed(town: &Town) {
    let names = [
        ("voirie", "Service voirie", true),
        ("mila", "Mila Roussel", false),
        ("karim", "Karim B.", false),
        ("josette", "Josette 🌻", false),
    ];
    let mut ids: Vec<AccountId> = Vec::new();
    for (username, name, is_officer) in names {
        let id = if is_officer { town.officer(username).await } else { town.resident(username).await };
        town.write(move |tx| {
            let site = "https://clairval.example/voirie";
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
        ids.push(id);
    }
    town.moderator("mod").await;
    let first = post(town, ids[1], "Est-ce que quelqu’un sait quand rouvre la passerelle du Pont-Vieux ? Le détour par la gare prend vingt minutes avec une poussette. #Travaux", None).await;
    town.clock.advance(20 * MINUTE);
    let answer = post(town, ids[0], "@mila La passerelle rouvre **jeudi à 7 h**. Les planches ont été changées, il reste le garde-corps côté aval. Détails : https://clairval.example/travaux/passerelle-du-pont-vieux\n\n— Service voirie, Ville de Clairval", Some(first)).await;
    town.clock.advance(7 * MINUTE);
    post(town, ids[2], "@voirie Merci, réponse en vingt minutes, je n’y croyais plus.", Some(answer)).await;
    town.clock.advance(2 * HOUR);
    let market = post(town, ids[3], "Marché de samedi : on cherche deux paires de bras pour monter les stands à 6 h 30. Café et brioche offerts ! #CoupDeMain #Marché", None).await;
    town.clock.advance(3 * HOUR);
    draft(town, ids[2], Draft {
        text: "Le héros meurt, mais pas comme on croit. La mise en scène dans la cour de l’école vaut le déplacement.".to_owned(),
        warning: "fin de la pièce de théâtre".to_owned(), language: Some("fr".to_owned()), ..Draft::default()
    }).await;
    town.clock.advance(40 * MINUTE);
    let by = ids[1];
    town.write(move |tx| {
        reactions::favourite(tx, by, market, None)?;
        statuses::boost(tx, by, market, None).map(|_| ())
    })
    .await;
    post(town, ids[0], "Rue des Tanneurs : circulation alternée lundi et mardi pour le raccordement d’eau. Les bacs seront relevés le soir. #Travaux", None).await;
    town.clock.advance(12 * MINUTE);
}

async fn post(town: &Town, by: AccountId, text: &str, to: Option<StatusId>) -> StatusId {
    draft(
        town,
        by,
        Draft {
            text: text.to_owned(),
            in_reply_to: to,
            language: Some("fr".to_owned()),
            visibility: Visibility::Public,
            ..Draft::default()
        },
    )
    .await
}

async fn draft(town: &Town, by: AccountId, draft: Draft) -> StatusId {
    town.write(move |tx| statuses::publish(tx, by, &draft)).await
}
