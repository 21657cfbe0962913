//! The refusals of identity.

use kernel::Code;

pub const EMAIL_IN_USE: Code = Code::new("EMAIL_IN_USE");
pub const PASSWORD_TOO_SHORT: Code = Code::new("PASSWORD_TOO_SHORT");
pub const PASSWORD_TOO_LONG: Code = Code::new("PASSWORD_TOO_LONG");
pub const PASSWORD_COMMON: Code = Code::new("PASSWORD_COMMON");
pub const PASSWORD_LIKE_EMAIL: Code = Code::new("PASSWORD_LIKE_EMAIL");
pub const PASSWORD_LIKE_NAME: Code = Code::new("PASSWORD_LIKE_NAME");
pub const PASSWORD_WRONG: Code = Code::new("PASSWORD_WRONG");
pub const CREDENTIALS_WRONG: Code = Code::new("CREDENTIALS_WRONG");
pub const SIGN_IN_SLOWED: Code = Code::new("SIGN_IN_SLOWED");
pub const EMAIL_ALREADY_VERIFIED: Code = Code::new("EMAIL_ALREADY_VERIFIED");
pub const EMAIL_UNCHANGED: Code = Code::new("EMAIL_UNCHANGED");
pub const LETTERS_SLOWED: Code = Code::new("LETTERS_SLOWED");
pub const LINK_UNKNOWN: Code = Code::new("LINK_UNKNOWN");
pub const CODE_UNKNOWN: Code = Code::new("CODE_UNKNOWN");
pub const CODE_WRONG: Code = Code::new("CODE_WRONG");
pub const INVITATION_UNKNOWN: Code = Code::new("INVITATION_UNKNOWN");
pub const ROLE_UNKNOWN: Code = Code::new("ROLE_UNKNOWN");
pub const SCOPE_UNKNOWN: Code = Code::new("SCOPE_UNKNOWN");
pub const OWN_ACCOUNT: Code = Code::new("OWN_ACCOUNT");
pub const SAVED_TOO_MANY: Code = Code::new("SAVED_TOO_MANY");
pub const SAVED_FIELD_UNKNOWN: Code = Code::new("SAVED_FIELD_UNKNOWN");
pub const OWN_DATA_SLOWED: Code = Code::new("OWN_DATA_SLOWED");
pub const STAFF_ACCOUNT: Code = Code::new("STAFF_ACCOUNT");
pub const DOCUMENT_ITEM_UNKNOWN: Code = Code::new("DOCUMENT_ITEM_UNKNOWN");
pub const FILE_TOO_LARGE: Code = Code::new("FILE_TOO_LARGE");
pub const FILES_TOO_MANY: Code = Code::new("FILES_TOO_MANY");
pub const CONSENT_MISSING: Code = Code::new("CONSENT_MISSING");
pub const CONSENT_CHANGED: Code = Code::new("CONSENT_CHANGED");
pub const CLIENT_UNKNOWN: Code = Code::new("CLIENT_UNKNOWN");
pub const CLIENT_SEARCH_SLOWED: Code = Code::new("CLIENT_SEARCH_SLOWED");
pub const TEAM_NONE: Code = Code::new("TEAM_NONE");

/// All of them, for the test that each has its text.
pub const ALL: &[Code] = &[
    EMAIL_IN_USE,
    PASSWORD_TOO_SHORT,
    PASSWORD_TOO_LONG,
    PASSWORD_COMMON,
    PASSWORD_LIKE_EMAIL,
    PASSWORD_LIKE_NAME,
    PASSWORD_WRONG,
    CREDENTIALS_WRONG,
    SIGN_IN_SLOWED,
    EMAIL_ALREADY_VERIFIED,
    EMAIL_UNCHANGED,
    LETTERS_SLOWED,
    LINK_UNKNOWN,
    CODE_UNKNOWN,
    CODE_WRONG,
    INVITATION_UNKNOWN,
    ROLE_UNKNOWN,
    SCOPE_UNKNOWN,
    OWN_ACCOUNT,
    SAVED_TOO_MANY,
    SAVED_FIELD_UNKNOWN,
    OWN_DATA_SLOWED,
    STAFF_ACCOUNT,
    DOCUMENT_ITEM_UNKNOWN,
    FILE_TOO_LARGE,
    FILES_TOO_MANY,
    CONSENT_MISSING,
    CONSENT_CHANGED,
    CLIENT_UNKNOWN,
    CLIENT_SEARCH_SLOWED,
    TEAM_NONE,
];
