//! Tells cargo which folders are built into the program, so that a new file in them is noticed.

fn main() {
    for folder in ["knowledge", "migrations"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
