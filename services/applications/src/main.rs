//! The service by itself.

fn main() -> std::process::ExitCode {
    chassis::run::<applications::Applications>()
}
