//! About how much memory kept parts take, from the lengths of their texts: other servers choose those, so an average would be no bound.

use parvis_store::media::Media;
use parvis_store::status_parts::{Mention, Tag};

use super::{AccountParts, PostParts};

/// What maps, counters of references and allocators add to each thing.
const AROUND: usize = 200;

fn of(texts: &[&str]) -> usize {
    texts.iter().map(|text| text.len()).sum()
}

fn of_some(texts: &[&Option<String>]) -> usize {
    texts.iter().filter_map(|text| text.as_ref()).map(String::len).sum()
}

/// Of a post, with what filters look at.
pub(super) fn post(parts: &PostParts) -> usize {
    let status = &parts.status;
    let searchable = 2 * (status.html.len() + status.warning.len());
    let descriptions: usize = parts.media.iter().map(|m| 2 * m.description.len()).sum();
    let application = parts
        .application
        .as_ref()
        .map_or(0, |app| app.name.len() + app.website.as_ref().map_or(0, String::len));
    // As a door renders it: the names of members, and most of the texts once more.
    let rendered = 600
        + of(&[&status.uri, &status.url, &status.html, &status.warning])
        + parts.media.iter().map(media).sum::<usize>()
        + parts.mentions.iter().map(mention).sum::<usize>()
        + parts.tags.iter().map(tag).sum::<usize>();
    AROUND
        + size_of::<PostParts>()
        + size_of_val(status.as_ref())
        + rendered
        + of(&[&status.uri, &status.url, &status.source, &status.html, &status.warning])
        + of_some(&[&status.language, &status.in_reply_to_uri])
        + parts.media.iter().map(media).sum::<usize>()
        + parts.mentions.iter().map(mention).sum::<usize>()
        + parts.tags.iter().map(tag).sum::<usize>()
        + searchable
        + descriptions
        + application
}

/// Of an account, with the form that a door makes of it, in which most of the texts stand once more.
pub(super) fn account(parts: &AccountParts) -> usize {
    let (account, chosen) = (&parts.account, &parts.chosen);
    let rendered = [
        &account.display_name,
        &account.uri,
        &account.url,
        &account.bio_html,
        &account.fields,
        &chosen.avatar_description,
        &chosen.header_description,
    ];
    let rendered: usize = rendered.iter().map(|text| text.len()).sum();
    let rest = of(&[
        &account.username,
        &account.username_key,
        &account.host,
        &account.kind,
        &account.bio_source,
        &account.inbox,
        &account.outbox,
        &account.followers_uri,
        &chosen.attribution_domains,
    ]);
    let perhaps = of_some(&[
        &account.skeleton,
        &account.avatar,
        &account.header,
        &account.shared_inbox,
        &account.featured_uri,
    ]);
    // `fields` is there as it is stored, as it is read, and rendered. The names of members and the addresses of pictures are the rest.
    AROUND
        + size_of::<AccountParts>()
        + size_of_val(account.as_ref())
        + size_of_val(chosen.as_ref())
        + 2 * rendered
        + account.fields.len()
        + rest
        + 3 * perhaps
        + 1_500
}

fn media(media: &Media) -> usize {
    size_of::<Media>()
        + of(&[&media.kind, &media.mime, &media.description, &media.frame_rate, &media.audio_codec])
        + of_some(&[
            &media.blurhash,
            &media.file_key,
            &media.small_key,
            &media.remote_url,
            &media.failure,
            &media.source_key,
            &media.remote_preview_url,
        ])
}

fn mention(mention: &Mention) -> usize {
    size_of::<Mention>() + of(&[&mention.username, &mention.host, &mention.uri, &mention.url])
}

fn tag(tag: &Tag) -> usize {
    size_of::<Tag>() + of(&[&tag.name, &tag.display])
}
