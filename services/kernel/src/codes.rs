//! The stable codes of the kernel's own refusals; each has a text in every language of the portal.

use crate::refusal::Code;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        $($(#[$doc])* pub const $name: Code = Code::new(stringify!($name));)+
        /// Every code the kernel can refuse with.
        pub const ALL_CODES: &[Code] = &[$($name),+];
    };
}

codes! {
    /// The whole input is refused; the violations name the fields.
    INPUT_INVALID,
    /// The last day lies before the first.
    DATE_ORDER,
    /// More days than one answer holds.
    SPAN_TOO_LONG,
    /// Not twelve digits.
    BIN_MALFORMED,
    /// Twelve digits, but the last does not follow from the others.
    BIN_CHECK_DIGIT,
    /// Not twelve digits.
    IIN_MALFORMED,
    /// Twelve digits, but the last does not follow from the others.
    IIN_CHECK_DIGIT,
    /// Not a Kazakh account number in form.
    IBAN_MALFORMED,
    /// The two check digits do not fit.
    IBAN_CHECK,
    /// Neither 8 nor 11 letters and digits in the form of a bank code.
    BIC_MALFORMED,
    /// Not an international phone number.
    PHONE_MALFORMED,
    /// Not an e-mail address.
    EMAIL_MALFORMED,
    /// A name is needed.
    NAME_EMPTY,
    /// More than 100 characters.
    NAME_TOO_LONG,
    /// Characters that no name has (or, in a passport name, letters that are not Latin).
    NAME_CHARACTERS,
    /// Not 4 to 20 Latin letters and digits.
    PASSPORT_MALFORMED,
    /// No such country code.
    COUNTRY_UNKNOWN,
    /// No such language.
    LOCALE_UNKNOWN,
    /// No such currency.
    CURRENCY_UNKNOWN,
    /// Not an exact decimal sum, or too large.
    AMOUNT_MALFORMED,
    /// Not a date.
    DATE_MALFORMED,
    /// Not a moment with an offset.
    TIME_MALFORMED,
    /// No such time zone.
    ZONE_UNKNOWN,
    /// Not a postcode.
    POSTCODE_MALFORMED,
    /// A text is needed.
    TEXT_EMPTY,
    /// Longer than the field allows; parameter `max`.
    TEXT_TOO_LONG,
    /// Control characters.
    TEXT_CHARACTERS,
    /// Nothing in the file.
    FILE_EMPTY,
    /// Neither PDF nor JPEG nor PNG.
    FILE_TYPE,
    /// A PDF that does something by itself, or carries other files.
    FILE_ACTIVE_CONTENT,
    /// A PDF that opens with a password only.
    FILE_ENCRYPTED,
    /// A file that can't be read.
    FILE_DAMAGED,
    /// A PDF with more pages than are taken.
    FILE_TOO_MANY_PAGES,
    /// A picture with more pixels than are taken.
    FILE_TOO_MANY_PIXELS,
    /// The virus scanner has found something.
    FILE_INFECTED,
    /// Not an identifier of the expected kind.
    ID_MALFORMED,
    /// Not an application number.
    APPLICATION_NUMBER_MALFORMED,
    /// No such role.
    ROLE_UNKNOWN,
    /// No such scope.
    SCOPE_UNKNOWN,
}
