//! `keys pgp`: the team's OpenPGP key, made, renewed, taken over; and what is read with it.

use crate::commands::{Desk, outcome};
use crate::support::gnupg::{GnuPg, entity, sealed};
use crate::support::mails::AN;
use std::os::unix::fs::PermissionsExt;

fn with_pgp(desk: &Desk) {
    let file = desk.path("team.asc");
    desk.write_config(|text| format!("{text}\n[pgp]\nkey_file = \"{}\"\n", file.display()));
}

fn triage(desk: &Desk, raw: &[u8]) -> serde_json::Value {
    let shown = outcome(&mut desk.command(&["triage", "--json", "-"]), raw);
    assert_eq!(shown.code, 0, "{shown:?}");
    serde_json::from_str(&shown.stdout).unwrap()
}

#[test]
fn a_key_is_made_renewed_and_goes_on_opening_what_is_older() {
    let desk = Desk::new();
    let without = desk.run(&["keys", "pgp"]);
    assert_eq!(without.code, 2, "{without:?}");
    assert!(without.stderr.contains("pgp.key_file"), "{without:?}");
    with_pgp(&desk);
    let made = desk.run(&["keys", "pgp"]);
    assert_eq!(made.code, 0, "{made:?}");
    assert!(
        made.stdout
            .starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----")
    );
    assert!(made.stderr.contains("fingerprint: "), "{made:?}");
    let mode = std::fs::metadata(desk.path("team.asc"))
        .unwrap()
        .permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);

    let an = GnuPg::of("An Peeters", "an.peeters@hackegem.example").knows(&made.stdout);
    let plain = entity("Hulp", "Ik gaf mijn paswoord af.", None);
    let raw = sealed(AN, "m1", &an.encrypts(&plain, &["--sign"]));
    let shown = triage(&desk, &raw);
    assert_eq!(
        shown["pgp"],
        serde_json::json!({"form": "mime-encrypted", "decrypted": true, "signature": "unknown-key", "signer": null})
    );
    assert_eq!(shown["subject"], "Hulp");
    assert_eq!(shown["category"], "account-compromise");

    let again = desk.run(&["keys", "pgp"]);
    assert_eq!(again.code, 1, "{again:?}");
    assert!(again.stderr.contains("--renew"), "{again:?}");
    let renewed = desk.run(&["keys", "pgp", "--renew"]);
    assert_eq!(renewed.code, 0, "{renewed:?}");
    assert_ne!(renewed.stdout, made.stdout);
    assert_eq!(
        desk.run(&["keys", "pgp", "--public"]).stdout,
        renewed.stdout
    );
    assert_eq!(triage(&desk, &raw)["pgp"]["decrypted"], true);
}

#[test]
fn without_the_key_a_mail_stays_closed_and_its_reply_says_so() {
    let desk = Desk::new();
    let other = GnuPg::of("CRT", "crt@crt.example");
    let an = GnuPg::of("An Peeters", "an.peeters@hackegem.example").knows(&other.public());
    let plain = entity("Hulp", "Ik gaf mijn paswoord af.", Some(&an.public()));
    let shown = triage(&desk, &sealed(AN, "m1", &an.encrypts(&plain, &["--sign"])));
    assert_eq!(shown["pgp"]["decrypted"], false);
    assert_eq!(
        (&shown["kind"], &shown["severity"]),
        (&"incident".into(), &"high".into())
    );
    assert!(
        shown["reply"].as_str().unwrap().contains("niet lezen"),
        "{shown}"
    );
}

#[test]
fn a_key_of_elsewhere_is_taken_over_with_its_passphrase() {
    let desk = Desk::new();
    with_pgp(&desk);
    let elsewhere = GnuPg::with_passphrase("CRT", "crt@crt.example", "een zin");
    std::fs::write(desk.path("old.asc"), elsewhere.secret("een zin")).unwrap();
    std::fs::write(desk.path("phrase"), "een zin\n").unwrap();
    let old = desk.path("old.asc").to_string_lossy().into_owned();
    let phrase = desk.path("phrase").to_string_lossy().into_owned();
    let locked = desk.run(&["keys", "pgp", "--import", &old]);
    assert_eq!(locked.code, 1, "{locked:?}");
    assert!(locked.stderr.contains("--passphrase-file"), "{locked:?}");
    assert!(!desk.path("team.asc").exists());
    let taken = desk.run(&[
        "keys",
        "pgp",
        "--import",
        &old,
        "--passphrase-file",
        &phrase,
    ]);
    assert_eq!(taken.code, 0, "{taken:?}");
    assert!(!taken.stderr.contains("doesn't name"), "{taken:?}");
    let an = GnuPg::of("An Peeters", "an.peeters@hackegem.example").knows(&taken.stdout);
    let raw = sealed(AN, "m1", &an.encrypts(&entity("Hulp", "Virus!", None), &[]));
    assert_eq!(triage(&desk, &raw)["pgp"]["decrypted"], true);
}

#[test]
fn a_key_that_nobody_would_find_is_told() {
    let desk = Desk::new();
    with_pgp(&desk);
    let elsewhere = GnuPg::with_passphrase("CRT", "oud@elders.example", "een zin");
    std::fs::write(desk.path("old.asc"), elsewhere.secret("een zin")).unwrap();
    std::fs::write(desk.path("phrase"), "een zin").unwrap();
    let (old, phrase) = (desk.path("old.asc"), desk.path("phrase"));
    let (old, phrase) = (old.to_str().unwrap(), phrase.to_str().unwrap());
    let import = ["keys", "pgp", "--import", old, "--passphrase-file", phrase];
    let taken = desk.run(&import);
    assert_eq!(taken.code, 0, "{taken:?}");
    assert!(
        taken.stderr.contains("doesn't name crt@crt.example"),
        "{taken:?}"
    );
    let checked = desk.run(&["check"]);
    let told = "pgp.key_file: the team's OpenPGP key doesn't name organisation.address";
    assert!(checked.stdout.contains(told), "{checked:?}");
}

#[test]
fn a_key_beside_the_data_and_a_broken_one_are_refused() {
    let desk = Desk::new();
    let data = desk.path("data");
    std::fs::create_dir_all(&data).unwrap();
    let beside = data.join("team.asc");
    std::fs::write(&beside, "x").unwrap();
    let section = |file: &std::path::Path| format!("\n[pgp]\nkey_file = \"{}\"\n", file.display());
    desk.write_config(|text| text + section(&beside).as_str());
    let refused = desk.run(&["tickets", "list"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.stderr.contains("pgp.key_file"), "{refused:?}");
    let broken = desk.path("broken.asc");
    std::fs::write(&broken, "x").unwrap();
    desk.write_config(|text| text + section(&broken).as_str());
    let refused = outcome(
        &mut desk.command(&["triage", "-"]),
        b"From: a@b.example\n\nx\n",
    );
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(
        refused.stderr.contains("holds no OpenPGP secret key"),
        "{refused:?}"
    );
}
