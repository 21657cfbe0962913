//! The books on disk: JSON lines, each flushed to the disk before anything is answered; the last line
//! about a thing counts. Rewritten short at each start.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use crate::book::{Book, Record};

/// An open journal; none keeps nothing.
pub(crate) struct Journal(Option<File>);

impl Journal {
    /// Reads the books of a folder and opens their journal.
    pub(crate) fn open(folder: Option<&Path>) -> anyhow::Result<(Self, Book)> {
        let mut book = Book::default();
        let Some(folder) = folder else {
            return Ok((Self(None), book));
        };
        fs::create_dir_all(folder)?;
        let path = folder.join("book.jsonl");
        if path.exists() {
            read(&path, &mut book)?;
        }
        let short = folder.join("book.jsonl.new");
        let mut file = File::create(&short)?;
        append(&mut file, book.records())?;
        fs::rename(&short, &path)?;
        File::open(folder)?.sync_all()?;
        let file = OpenOptions::new().append(true).open(&path)?;
        Ok((Self(Some(file)), book))
    }

    /// Keeps records; returns when they are on the disk.
    pub(crate) fn keep(&mut self, records: Vec<Record>) -> io::Result<()> {
        match &mut self.0 {
            Some(file) if !records.is_empty() => append(file, records.into_iter()),
            Some(_) | None => Ok(()),
        }
    }
}

fn append(file: &mut File, records: impl Iterator<Item = Record>) -> io::Result<()> {
    let mut bytes = Vec::new();
    for record in records {
        serde_json::to_writer(&mut bytes, &record)?;
        bytes.push(b'\n');
    }
    file.write_all(&bytes)?;
    file.sync_data()
}

fn read(path: &Path, book: &mut Book) -> anyhow::Result<()> {
    let mut lines = BufReader::new(File::open(path)?).lines().enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        match serde_json::from_str(&line?) {
            Ok(record) => book.load(record),
            // A torn last line was never answered for.
            Err(_) if lines.peek().is_none() => {
                tracing::warn!("the last line of the bank's journal is torn and left out");
            }
            Err(error) => {
                anyhow::bail!("{} line {}: {error}", path.display(), index + 1);
            }
        }
    }
    Ok(())
}
