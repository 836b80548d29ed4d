//! Every language says the same things.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use parvis_model::refusal::Refusal;

use super::*;

/// Key → names of its arguments, in the files of one language. Fails on a mistake in a file and on a key given twice.
fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys = BTreeMap::new();
    for (name, text) in files(language) {
        let resource = FluentResource::try_new(text.to_owned())
            .unwrap_or_else(|(_, problems)| panic!("{name}: {problems:?}"));
        for entry in resource.entries() {
            match entry {
                Entry::Message(message) => {
                    let mut arguments = BTreeSet::new();
                    let value = message
                        .value
                        .as_ref()
                        .unwrap_or_else(|| panic!("{name}: {} is empty", message.id.name));
                    collect(value, &mut arguments);
                    let before = keys.insert(message.id.name.to_owned(), arguments);
                    assert!(before.is_none(), "{name}: {} is there twice", message.id.name);
                }
                Entry::Junk { content } => panic!("{name}: cannot be read: {content}"),
                _ => {}
            }
        }
    }
    keys
}

fn collect(pattern: &Pattern<&str>, arguments: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { .. } => {}
            PatternElement::Placeable { expression: Expression::Inline(inline) } => {
                collect_inline(inline, arguments)
            }
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                collect_inline(selector, arguments);
                variants.iter().for_each(|variant| collect(&variant.value, arguments));
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, arguments: &mut BTreeSet<String>) {
    if let InlineExpression::VariableReference { id } = inline {
        arguments.insert(id.name.to_owned());
    }
}

#[test]
fn every_language_has_the_same_keys_with_the_same_arguments() {
    let english = keys(Language::En);
    assert!(english.len() > 50);
    for language in Language::ALL {
        let theirs = keys(language);
        let missing: Vec<_> = english.keys().filter(|key| !theirs.contains_key(*key)).collect();
        let surplus: Vec<_> = theirs.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(
            missing.is_empty() && surplus.is_empty(),
            "{language:?} lacks {missing:?} and has too much {surplus:?}"
        );
        for (key, arguments) in &english {
            assert_eq!(Some(arguments), theirs.get(key), "{language:?}: arguments of {key}");
        }
    }
}

#[test]
fn every_refusal_has_words_and_the_english_ones_are_those_the_apis_send() {
    for refusal in Refusal::ALL {
        for language in Language::ALL {
            assert!(Words::has(language, refusal.key()), "{language:?}: {}", refusal.key());
        }
        assert_eq!(Words::text(Language::En, refusal.key(), &[]), refusal.sentence());
    }
}

#[test]
fn a_sentence_takes_its_arguments_and_its_plural() {
    let posts = |language, n: i32| Words::text(language, "count-posts", &[("count", n.into())]);
    assert_eq!(posts(Language::En, 0), "0 posts");
    assert_eq!(posts(Language::En, 1), "1 post");
    assert_eq!(posts(Language::Fr, 0), "0 message");
    assert_eq!(posts(Language::Fr, 2), "2 messages");
}

#[test]
fn an_argument_cannot_smuggle_a_reference_in() {
    let text = Words::text(Language::En, "about-title", &[("town", "{ $town } { about-title }".into())]);
    assert!(text.contains("{ $town } { about-title }"), "{text}");
}

#[test]
fn a_missing_key_gives_the_key_and_no_panic() {
    assert_eq!(Words::text(Language::Fr, "no-such-key", &[]), "no-such-key");
    assert_eq!(Words::text(Language::Fr, "", &[]), "");
    assert!(Words::text(Language::Fr, "count-posts", &[]).contains("message"));
}
