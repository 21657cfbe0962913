//! A mail server that takes letters or says no, as the test wants.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// A running mail server; it ends with the test's runtime.
pub struct PostOffice {
    pub port: u16,
    desk: Desk,
}

#[derive(Clone)]
struct Desk {
    /// What each recipient is answered with.
    answer: Arc<Mutex<&'static str>>,
    letters: Arc<Mutex<Vec<String>>>,
}

impl PostOffice {
    #[expect(clippy::disallowed_methods, reason = "the server ends with the test's runtime")]
    pub async fn open() -> Self {
        let desk = Desk { answer: Arc::new(Mutex::new("250 fine")), letters: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, serving) = (listener.local_addr().unwrap().port(), desk.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, serving.clone()));
            }
        });
        Self { port, desk }
    }

    /// From now on recipients are answered so.
    pub fn says(&self, answer: &'static str) {
        *self.desk.answer.lock().unwrap() = answer;
    }

    /// The letters that were taken, whole.
    pub fn letters(&self) -> Vec<String> {
        self.desk.letters.lock().unwrap().clone()
    }
}

async fn serve(stream: TcpStream, desk: Desk) {
    let mut stream = BufReader::new(stream);
    let mut letter: Option<String> = None;
    let mut answer = Some("220 the test's post office".to_owned());
    loop {
        if let Some(answer) = answer.take()
            && stream.write_all(format!("{answer}\r\n").as_bytes()).await.is_err()
        {
            return;
        }
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        if let Some(body) = &mut letter {
            if line == ".\r\n" {
                desk.letters.lock().unwrap().push(letter.take().unwrap_or_default());
                answer = Some("250 taken".to_owned());
            } else {
                body.push_str(&line);
            }
            continue;
        }
        answer = Some(match line.get(..4) {
            Some("RCPT") => (*desk.answer.lock().unwrap()).to_owned(),
            Some("DATA") => {
                letter = Some(String::new());
                "354 go on".to_owned()
            }
            _ => "250 fine".to_owned(),
        });
    }
}
