-- What a link leads to, as posts show it: one row per address, shared by all posts with that link. Neighbour: crates/store/src/preview_cards.rs.
CREATE TABLE preview_cards (
    id INTEGER PRIMARY KEY NOT NULL,
    url TEXT NOT NULL CHECK (length(url) <= 2048),
    -- '' until it was fetched, and when there is nothing to show.
    title TEXT NOT NULL DEFAULT '' CHECK (length(title) <= 300),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 1000),
    author_name TEXT NOT NULL DEFAULT '' CHECK (length(author_name) <= 200),
    author_url TEXT NOT NULL DEFAULT '' CHECK (length(author_url) <= 2048),
    provider_name TEXT NOT NULL DEFAULT '' CHECK (length(provider_name) <= 200),
    provider_url TEXT NOT NULL DEFAULT '' CHECK (length(provider_url) <= 2048),
    language TEXT CHECK (length(language) <= 35),
    image_key TEXT CHECK (length(image_key) <= 200),
    image_description TEXT NOT NULL DEFAULT '' CHECK (length(image_description) <= 1500),
    width INTEGER NOT NULL DEFAULT 0,
    height INTEGER NOT NULL DEFAULT 0,
    blurhash TEXT CHECK (length(blurhash) <= 200),
    published_at BIGINT,
    fetched_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX preview_cards_url ON preview_cards (url);
CREATE INDEX preview_cards_waiting ON preview_cards (id) WHERE fetched_at IS NULL;
CREATE INDEX preview_cards_pictures ON preview_cards (fetched_at) WHERE image_key IS NOT NULL;

CREATE TABLE status_cards (
    status_id INTEGER PRIMARY KEY NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    card_id BIGINT NOT NULL REFERENCES preview_cards (id) ON DELETE CASCADE
);
CREATE INDEX status_cards_card ON status_cards (card_id, status_id);
