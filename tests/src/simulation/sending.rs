//! Requests on their way: sent under a key, answered or lost, and sent again.

use kernel::Actor;

use super::{Case, Sent, Simulation, command::Command};

impl Simulation {
    /// Sends a command, mostly under a key; its answer may be lost on the way.
    pub(super) async fn send(&mut self, who: Actor, command: Command) {
        self.keys += 1;
        let key = format!("key-{}", self.keys);
        let lost = self.chance.percent(4);
        let service = command.service();
        // A cancellation asks billing first, whose answer may be the one that is lost.
        let inner = matches!(command, Command::Cancel(_)) && self.chance.percent(12);
        let caller = self.place.together.by(service, who.clone()).with_key(&key);
        self.place.together.lose_answer(service, lost);
        self.place.together.lose_answer("billing", inner || (lost && service == "billing"));
        let answer = command.clone().send(caller).await;
        self.place.together.lose_answer(service, false);
        self.place.together.lose_answer("billing", false);
        let shown = answer.clone().unwrap_or_else(|code| code);
        self.note(&command.name(), &shown, answer.is_ok());
        if let Ok(done) = &answer {
            self.acknowledge(&command, done, &who);
        }
        let unknown = (lost || inner) && answer.is_err();
        self.sent.push(Sent { who, command, key, answer: (!unknown).then_some(answer) });
    }

    /// Sends a command whose answer is not lost.
    pub(super) async fn surely(&mut self, who: Actor, command: Command) -> Result<String, String> {
        self.keys += 1;
        let caller = self.place.together.by(command.service(), who.clone()).with_key(&format!("key-{}", self.keys));
        let answer = command.clone().send(caller).await;
        let shown = answer.clone().unwrap_or_else(|code| code);
        self.note(&command.name(), &shown, answer.is_ok());
        if let Ok(done) = &answer {
            self.acknowledge(&command, done, &who);
        }
        answer
    }

    /// What a client may rely on from now on.
    fn acknowledge(&mut self, command: &Command, done: &str, who: &Actor) {
        let words: Vec<&str> = done.split(' ').collect();
        let first = words.first().copied().unwrap_or_default().to_owned();
        match command {
            Command::Create(_) => {
                if let Ok(number) = first.parse()
                    && !self.cases.iter().any(|case| case.number == number)
                {
                    self.cases.push(Case { number, owner: who.clone(), known: None });
                }
                self.acknowledged.insert(("application", first));
            }
            Command::Approve(_) => drop(self.acknowledged.insert(("approved", first))),
            Command::Complete(_) => drop(self.acknowledged.insert(("completed", first))),
            Command::Confirm(_) => {
                // Where less has come than is due, it is not paid by it.
                if words.last() == Some(&"PAYMENT_STATUS_PAID") {
                    self.acknowledged.insert(("paid", first));
                }
            }
            Command::Issue(_) => drop(self.acknowledged.insert(("invoice", words[1].to_owned()))),
            Command::Book(_) | Command::ConfirmHold(_) => {
                for booked in &words[1..] {
                    let id = booked.split(':').next().unwrap_or_default();
                    self.acknowledged.insert(("appointment", id.to_owned()));
                }
            }
            Command::SaveServices(_)
            | Command::SaveContact(_)
            | Command::SavePerson(_)
            | Command::Submit(_)
            | Command::Cancel(_)
            | Command::Renew(_)
            | Command::Claim(_)
            | Command::Return(_)
            | Command::Recommend(_)
            | Command::SendBack(_)
            | Command::Reject(_)
            | Command::Receive(_)
            | Command::Decide(_)
            | Command::Ready(_)
            | Command::HandOut(_)
            | Command::Decline(_)
            | Command::AskRefund(_)
            | Command::ReviewRefund(_)
            | Command::DecideRefund(_)
            | Command::SendRefund(_)
            | Command::ExecuteRefund(_)
            | Command::Upload(_)
            | Command::Record(_)
            | Command::Import(_)
            | Command::CancelVisit(_)
            | Command::CheckIn(_)
            | Command::Served(_)
            | Command::Missed(_)
            | Command::Hold(_)
            | Command::ReleaseHold(_)
            | Command::MoveVisit(_)
            | Command::Attend(_)
            | Command::ByCode(_)
            | Command::WalkIn(_)
            | Command::CallNext(_)
            | Command::EndTicket(_)
            | Command::SaveDay(_)
            | Command::Callback(_) => {}
        }
    }

    /// A client sends a request again under its key: it has one effect and the same answer.
    pub(super) async fn repeat(&mut self) {
        if self.sent.is_empty() {
            return;
        }
        let place = self.sent.len() - 1 - self.chance.below(self.sent.len().min(25));
        let (who, command, key) = {
            let sent = &self.sent[place];
            (sent.who.clone(), sent.command.clone(), sent.key.clone())
        };
        let caller = self.place.together.by(command.service(), who.clone()).with_key(&key);
        let answer = command.clone().send(caller).await;
        let shown = answer.clone().unwrap_or_else(|code| code);
        self.note(&format!("again {}", command.name()), &shown, answer.is_ok());
        if let Some(Ok(before)) = &self.sent[place].answer
            && answer.as_ref() != Ok(before)
            // Neither a callback nor an upload goes under a key.
            && !matches!(command, Command::Callback(_) | Command::Upload(_))
        {
            self.broken.push(format!("{}: answered '{before}', and again '{shown}'", command.name()));
        }
        if let Ok(done) = &answer {
            self.acknowledge(&command, done, &who);
        }
        self.sent[place].answer = Some(answer);
    }
}
