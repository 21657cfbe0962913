//! The public offer as PDF.

use std::sync::Arc;

use chassis::Error;
use kernel::Locale;
use typesetting::{Block, PublicOfferContent, Typesetter};

use super::Ports;
use crate::catalogue::entry::Offer;

/// Made when it is wanted first.
pub(crate) async fn typesetter(ports: &Ports) -> Result<Arc<Typesetter>, Error> {
    let made = ports
        .typesetter
        .get_or_try_init(|| async {
            let made =
                tokio::task::spawn_blocking(Typesetter::new).await.map_err(|error| Error::Internal(error.into()))?;
            Ok::<_, Error>(Arc::new(made))
        })
        .await?;
    Ok(Arc::clone(made))
}

pub(crate) async fn run(ports: &Ports, offer: &Offer, locale: Locale) -> Result<Vec<u8>, Error> {
    let typesetter = typesetter(ports).await?;
    let content = PublicOfferContent {
        title: offer.title.get(locale).to_owned(),
        language: locale.code().to_owned(),
        paragraphs: offer
            .blocks
            .iter()
            .map(|block| {
                let text = block.text.get(locale).to_owned();
                if block.heading { Block::Heading(text) } else { Block::Paragraph(text) }
            })
            .collect(),
        footer: vec![format!("{} · {}", offer.title.get(locale), offer.version)],
    };
    tokio::task::spawn_blocking(move || typesetter.public_offer(&content))
        .await
        .map_err(|error| Error::Internal(error.into()))?
        .map_err(|error| Error::Internal(error.into()))
}
