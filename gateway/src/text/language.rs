//! The languages of the portal and how a reader's choice is recognised.

use unic_langid::LanguageIdentifier;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    En,
    Ru,
    Kk,
}

impl Language {
    pub const ALL: [Self; 3] = [Self::En, Self::Ru, Self::Kk];

    /// BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
            Self::Kk => "kk",
        }
    }

    /// The language's own name for itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ru => "Русский",
            Self::Kk => "Қазақша",
        }
    }

    /// Exact tags only (`en`, `ru`, `kk`).
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The best match of an Accept-Language header.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(u32, Self)> = None;
        for part in header.split(',').take(16) {
            let mut pieces = part.trim().split(';');
            let tag = pieces.next().unwrap_or_default().to_ascii_lowercase();
            let primary = tag.split('-').next().unwrap_or_default();
            let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q=")).map_or(1000, thousandths);
            if let Some(language) = Self::from_tag(primary)
                && weight > 0
                && best.is_none_or(|(highest, _)| weight > highest)
            {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }

    pub(crate) fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }
}

/// `0.8` as 800, without floating point.
fn thousandths(text: &str) -> u32 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
    let whole: u32 = whole.parse().unwrap_or(0);
    whole.saturating_mul(1000).saturating_add(padded.parse().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language() {
        assert_eq!(Language::from_accept_language("ru-RU,ru;q=0.9,en;q=0.8"), Some(Language::Ru));
        assert_eq!(Language::from_accept_language("de, en;q=0.5, kk-KZ;q=0.7"), Some(Language::Kk));
        assert_eq!(Language::from_accept_language("de"), None);
        assert_eq!(Language::from_accept_language("ru;q=0, en;q=0.001"), Some(Language::En));
    }
}
