//! The axum edge: JSON API (`/api/v1`), web pages, sessions. It calls the services and shows what they answer; it holds no business
//! rule, and whether something is allowed is never decided here.

mod api;
mod assets;
mod brand;
mod config;
mod cookies;
mod csrf;
mod device;
mod download;
mod edge;
mod fields;
mod form;
mod frame;
mod kept;
mod money;
mod pages;
mod posted;
mod present;
mod problem;
pub mod process;
mod routes;
mod server;
mod services;
mod sessions;
mod sheet;
mod state;
mod text;
mod upload;
mod visit;

pub use config::{Bank, Centre, Config, DEFAULTS, Limits, NavItem};
pub use edge::ClientAddress;
pub use routes::{Audience, RouteInfo, routes};
pub use server::{GatewayParts, router, serve};
pub use text::{Language, Texts};
