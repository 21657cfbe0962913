//! Plain enums whose variants have a stable code each, or a text in each language.

/// Declares an enum inside a crate with the stable codes of its variants, as they are stored and told:
/// `coded! { /// What it is. Name { Variant = "CODE", … } }`. It gets `ALL`, `code` and `parse`.
#[macro_export]
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum $name { $($variant),* }

        #[allow(dead_code, reason = "not every enum is listed, stored and read back")]
        impl $name {
            pub(crate) const ALL: &[Self] = &[$(Self::$variant),*];

            /// Stable code, as stored and told.
            pub(crate) fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            pub(crate) fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.code() == code)
            }
        }
    };
}

/// Declares an enum of words and sentences that are printed in a language of its reader's:
/// `labels! { /// Of what. Name { Variant: "en", "ru", "kk"; … } }`. It gets `text`.
#[macro_export]
macro_rules! labels {
    ($(#[$doc:meta])* $name:ident { $($variant:ident: $en:literal, $ru:literal, $kk:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub(crate) enum $name { $($variant),* }

        impl $name {
            pub(crate) fn text(self, locale: $crate::Locale) -> &'static str {
                match (self, locale) {
                    $(
                        (Self::$variant, $crate::Locale::En) => $en,
                        (Self::$variant, $crate::Locale::Ru) => $ru,
                        (Self::$variant, $crate::Locale::Kk) => $kk,
                    )*
                }
            }
        }
    };
}
