//! Compiles the published language with protox, so that no protoc has to be installed, and keeps the
//! descriptors for reflection and for the contract tests.

use std::{env, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=portal");
    let files: Vec<PathBuf> = fs::read_dir("portal")?
        .flat_map(|context| fs::read_dir(context.map(|entry| entry.path().join("v1")).unwrap_or_default()))
        .flatten()
        .filter_map(|file| file.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "proto"))
        .collect();
    let descriptors = protox::compile(&files, ["."])?;
    #[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts by environment")]
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("descriptors.bin"), prost_encode(&descriptors))?;
    // Maps in an order of their own: the same message is the same bytes each time, which idempotency keys rely on.
    tonic_prost_build::configure().btree_map(".").include_file("portal.rs").compile_fds(descriptors)?;
    Ok(())
}

fn prost_encode(descriptors: &impl protox::prost::Message) -> Vec<u8> {
    descriptors.encode_to_vec()
}
