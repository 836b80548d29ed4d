//! The people of the demo. Invented; any likeness is chance.

use parvis_model::account::Role;

/// Everybody's password. The demo listens on this machine only.
pub const PASSWORD: &str = "parvis-demo-2026";

/// A person of the demo.
pub struct Person {
    /// The folder of their town.
    pub town: &'static str,
    pub username: &'static str,
    pub display_name: &'static str,
    pub bio: &'static str,
    pub role: Role,
}

/// Everybody.
pub const PEOPLE: &[Person] = &[
    Person {
        town: "clairval",
        username: "lea",
        display_name: "Léa Fontaine",
        bio: "J'habite le quartier de la Halle. Marché, vélo, et la fanfare le dimanche. #Clairval",
        role: Role::Resident,
    },
    Person {
        town: "clairval",
        username: "marc",
        display_name: "Marc Olivier",
        bio: "Agent à la voirie de Clairval. J'écris ici en mon nom.",
        role: Role::Officer,
    },
    Person {
        town: "clairval",
        username: "nadia",
        display_name: "Nadia Perrin",
        bio: "Bibliothécaire, lectrice du soir, jardinière du matin.",
        role: Role::Moderator,
    },
    Person {
        town: "aubepine",
        username: "tom",
        display_name: "Tom Weaver",
        bio: "Cargo bikes, bread, and the river path. Aubépine since 2011.",
        role: Role::Resident,
    },
    Person {
        town: "aubepine",
        username: "ines",
        display_name: "Inès Karam",
        bio: "Parent, orchard keeper, asks too many questions at council meetings.",
        role: Role::Resident,
    },
    Person {
        town: "aubepine",
        username: "paul",
        display_name: "Paul Arnaud",
        bio: "I look after this instance. Write to me when something does not work.",
        role: Role::Admin,
    },
];

/// The address a person signs in with.
pub fn email(person: &Person) -> String {
    format!("{}@{}.example", person.username, person.town)
}
