//! The words of the domain: values that cannot be wrong once made. No IO, no async, no clock.
//!
//! Every text type is parsed once (`parse`, `TryFrom`, `FromStr`), printed one way (`Display`), and
//! masked in `Debug` where it identifies a person. Parse errors carry a stable [`Code`].

mod check_digit;
mod coded;
mod text_type;

pub mod actor;
pub mod application;
pub mod bic;
pub mod bin;
pub mod calendar;
pub mod codes;
pub mod country;
pub mod email;
pub mod iban;
pub mod id;
pub mod iin;
pub mod locale;
pub mod localized;
pub mod money;
pub mod network;
pub mod passport;
pub mod period;
mod person_name;
pub mod phone;
pub mod postcode;
pub mod refusal;
pub mod secret;
pub mod text;
pub mod time;

pub use actor::{Actor, Role, Scope};
pub use application::ApplicationNumber;
pub use bic::{Bic, BicError};
pub use bin::{Bin, BinError};
pub use calendar::WorkingCalendar;
pub use codes::ALL_CODES;
pub use country::{Country, CountryError};
pub use email::{Email, EmailError};
pub use iban::{Iban, IbanError};
pub use id::{
    AccountId, AppointmentId, AttemptId, BillableId, DocumentId, EventId, IdError, InvitationId, InvoiceId, LineId,
    MessageId, MismatchId, OfficeId, PersonItemId, ServiceAccountId, SessionId,
};
pub use iin::{Iin, IinError};
pub use locale::{Locale, LocaleError};
pub use localized::Localized;
pub use money::{AmountError, Currency, Money, VatRate};
pub use passport::{PassportError, PassportNumber};
pub use period::Period;
pub use person_name::{LatinName, NameError, PersonName};
pub use phone::{Phone, PhoneError};
pub use postcode::{Postcode, PostcodeError};
pub use refusal::{Code, ErrorCode, Refusal, Violation, Violations};
pub use secret::Secret;
pub use text::{FreeText, LineText, TextError, name_key};
pub use time::{DateError, Time, Zone, format_date, parse_date};
