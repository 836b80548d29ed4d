//! A macro that declares a settings struct once and keeps its documentation at hand: the same text is the rustdoc of the field and the comment in
//! `config.example.toml`, and the default stands beside the field it belongs to.

/// What is known about one field of a settings struct.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The name in TOML; upper-cased it is the last part of the environment variable.
    pub name: &'static str,
    /// The documentation, one entry per line.
    pub docs: &'static [&'static str],
    /// What to show in the example when there is no default, as TOML; empty when the default is shown.
    pub example: &'static str,
}

/// A struct declared by [`settings!`].
pub trait Described {
    /// The struct's own documentation, one entry per line.
    const ABOUT: &'static [&'static str];
    /// The fields in the order of declaration.
    const FIELDS: &'static [Field];
}

macro_rules! settings {
    ($(
        $(#[doc = $about:literal])+
        $struct:ident {
            $(
                $(#[doc = $doc:literal])+
                $(#[serde($($serde:tt)+)])?
                $field:ident : $type:ty = $default:expr $(, shown as $example:literal)?;
            )+
        }
    )+) => {$(
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $struct {
            $(
                $(#[doc = $doc])+
                $(#[serde($($serde)+)])?
                pub $field: $type,
            )+
        }

        impl Default for $struct {
            fn default() -> Self {
                Self { $($field: $default),+ }
            }
        }

        impl $crate::described::Described for $struct {
            const ABOUT: &'static [&'static str] = &[$($about),+];
            const FIELDS: &'static [$crate::described::Field] = &[$(
                $crate::described::Field {
                    name: stringify!($field),
                    docs: &[$($doc),+],
                    example: concat!($($example)?),
                }
            ),+];
        }
    )+};
}
pub(crate) use settings;
