//! Promise 3: first help in seconds: what to do now, what not to do, what to keep, which clocks run,
//! when a human comes.

use crate::support::mails::{AN, BART, Mail, STRANGER, password_given};
use crate::support::town::Town;
use eerstelijn::domain::intake::message::Defect;
use eerstelijn::domain::triage::category::{Category, Severity};
use insta::assert_snapshot;

async fn reply_to(mail: Mail) -> String {
    let town = Town::new().await;
    town.hears(&mail).await;
    let reply = town.only_reply();
    let lines = reply.mail.text.trim_end().lines().count();
    assert!(lines <= 25, "{lines} lines:\n{}", reply.mail.text);
    assert_eq!(
        reply.to,
        mail.from.rsplit('<').next().unwrap().trim_end_matches('>')
    );
    let shown = format!("{}\n\n{}", reply.mail.subject, reply.mail.text.trim_end());
    town.comes_to_rest().await;
    shown
}

#[tokio::test]
async fn a_secretary_who_gave_her_password_away() {
    let town = Town::new().await;
    town.hears(&password_given()).await;
    let reply = town.only_reply();
    let (ticket, _) = town.only_ticket().await;
    let assessment = ticket.assessment.unwrap();
    assert_eq!(assessment.category, Some(Category::AccountCompromise));
    assert_eq!(
        (assessment.severity, assessment.page),
        (Severity::High, true)
    );
    for field in [
        "auto-submitted",
        "x-auto-response-suppress",
        "in-reply-to",
        "references",
    ] {
        assert!(
            reply.mail.header(field).next().is_some(),
            "{field} is missing"
        );
    }
    assert!(
        !reply.mail.text.contains("CRT-2026"),
        "the attacker may read along"
    );
    assert!(
        !reply.mail.text.contains("ik heb op een link"),
        "nothing is quoted"
    );
    assert_snapshot!("account_compromise_nl_whole_mail", reply.masked());
    town.comes_to_rest().await;
}

#[tokio::test]
async fn an_it_head_whose_servers_are_being_encrypted() {
    let mail = Mail::from(BART, "r").subject("RANSOMWARE").text(
        "Onze servers worden op dit moment versleuteld, overal staat een losgeldbrief. De dienstverlening ligt plat.",
    );
    assert_snapshot!("ransomware_nl", reply_to(mail).await);
}

#[tokio::test]
async fn a_payment_to_a_fraudster() {
    let mail = Mail::from(AN, "p").subject("Valse factuur").text(
        "Wij hebben vanmorgen 12.500 euro overgeschreven op een vals rekeningnummer. Het was een valse factuur.",
    );
    assert_snapshot!("payment_fraud_nl", reply_to(mail).await);
}

#[tokio::test]
async fn a_file_sent_to_the_wrong_person() {
    let mail = Mail::from(AN, "d").subject("Datalek").text(
        "Een collega heeft een lijst met rijksregisternummers van 350 burgers naar de verkeerde bestemmeling gemaild.",
    );
    assert_snapshot!("data_breach_nl", reply_to(mail).await);
}

#[tokio::test]
async fn a_suspicious_mail_nobody_clicked() {
    let mail = Mail::from(AN, "f")
        .subject("Verdachte mail")
        .text("Wij kregen een phishingmail van zogezegd de bank. Niemand heeft geklikt.");
    assert_snapshot!("phishing_nl", reply_to(mail).await);
}

#[tokio::test]
async fn a_french_speaking_colleague() {
    let mail = Mail::from(AN, "fr").subject("Virus").text(
        "Bonjour, j'ai ouvert la pièce jointe d'un mail suspect et mon antivirus signale un logiciel malveillant.",
    );
    assert_snapshot!("malware_fr", reply_to(mail).await);
}

#[tokio::test]
async fn an_english_speaking_colleague() {
    let mail = Mail::from(AN, "en")
        .subject("Help")
        .text("Hello, our files are encrypted and there is a ransom note on every server.");
    assert_snapshot!("ransomware_en", reply_to(mail).await);
}

#[tokio::test]
async fn somebody_unproven_gets_the_same_public_help() {
    let mail = Mail::from(STRANGER, "u")
        .subject("Gehackt!")
        .text("ik heb op een link geklikt en mijn paswoord ingegeven");
    let reply = reply_to(mail).await;
    assert!(!reply.contains("CRT-"), "no number for somebody unproven");
    assert!(!reply.contains("72 uur"), "no clocks either");
    assert_snapshot!("account_compromise_nl_unproven", reply);
}

#[tokio::test]
async fn a_question_is_answered_by_a_memo_without_a_ticket() {
    let town = Town::new().await;
    let mail = Mail::from(AN, "q").subject("Back-ups").text(
        "Goeiedag, hoe organiseren wij het best onze back-ups en hoe vaak moeten we een hersteltest doen?",
    );
    town.hears(&mail).await;
    let reply = town.only_reply();
    assert!(
        town.tickets().await.is_empty(),
        "a memo answers; nobody needs to look"
    );
    assert_snapshot!(
        "answer_nl",
        format!("{}\n\n{}", reply.mail.subject, reply.mail.text.trim_end())
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_question_nothing_is_about_goes_to_a_human() {
    let town = Town::new().await;
    let mail = Mail::from(AN, "q")
        .subject("Containerpark")
        .text("Wanneer is het containerpark open?");
    town.hears(&mail).await;
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(ticket.assessment.unwrap().severity, Severity::Low);
    let reply = town.only_reply();
    assert_snapshot!(
        "no_answer_nl",
        format!("{}\n\n{}", reply.mail.subject, reply.mail.text.trim_end())
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn the_reporter_writes_again_and_gets_the_next_steps() {
    let town = Town::new().await;
    let first = Mail::from(AN, "a").subject("Verdachte mail").text(
        "Wij kregen een phishingmail van zogezegd de bank. Een collega heeft op de link geklikt.",
    );
    town.hears(&first).await;
    let ours = town.only_reply().message_id();
    let again = Mail::from(AN, "b")
        .subject("Re: Verdachte mail")
        .answering(&ours)
        .text("Ze zegt nu dat ze ook haar paswoord heeft ingegeven.");
    town.hears(&again).await;
    let (ticket, _) = town.only_ticket().await;
    let assessment = ticket.assessment.unwrap();
    assert_eq!(assessment.category, Some(Category::AccountCompromise));
    assert!(assessment.page);
    let second = &town.received()[1];
    assert_snapshot!(
        "follow_up_nl",
        format!("{}\n\n{}", second.mail.subject, second.mail.text.trim_end())
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn after_done_the_next_step_follows_and_nothing_is_said_twice() {
    let town = Town::new().await;
    town.hears(&password_given()).await;
    let first = town.only_reply();
    let done = Mail::from(AN, "b")
        .subject("Re: uw bericht")
        .answering(&first.message_id())
        .text("Gedaan, bedankt.");
    town.hears(&done).await;
    let received = town.received();
    let second = received.last().unwrap();
    assert_snapshot!("after_done_nl", second.mail.text.trim_end());
    let steps = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.starts_with("- "));
        lines.map(str::to_owned).collect()
    };
    let before = steps(&first.mail.text);
    let asked_again = |line: &String| line.ends_with('?');
    for step in steps(&second.mail.text)
        .iter()
        .filter(|line| !asked_again(line))
    {
        assert!(!before.contains(step), "{step} was said before");
    }
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_question_about_a_reporting_obligation_gets_article_addressee_and_link() {
    let town = Town::new().await;
    let mail = Mail::from(AN, "q")
        .subject("Vraag")
        .text("Aan wie moeten wij de eedaflegging van een gemeenteraadslid melden?");
    town.hears(&mail).await;
    let reply = town.only_reply();
    assert_snapshot!("answer_obligation_nl", reply.mail.text.trim_end());
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_mail_that_waited_says_so() {
    let town = Town::new().await;
    let mail = Mail::from(AN, "l")
        .subject("Verdachte mail")
        .text("Wij kregen een phishingmail. Niemand heeft geklikt.");
    town.deliver_late(&mail, jiff::SignedDuration::from_hours(9))
        .await;
    town.run_until_idle().await;
    assert!(
        town.only_reply().mail.text.contains("9 uur oud"),
        "{}",
        town.only_reply().mail.text
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn thanks_and_advertising_get_silence_and_a_citizen_a_pointer() {
    let town = Town::new().await;
    let thanks = |from, id| {
        Mail::from(from, id)
            .subject("Dank")
            .text("Bedankt voor de snelle hulp, alles is in orde!")
    };
    town.hears(&thanks(STRANGER, "s")).await;
    assert!(town.received().is_empty() && town.tickets().await.is_empty());
    // From a constituent it may be a report that nobody understood: a human sees it, in no hurry.
    town.hears(&thanks(AN, "t")).await;
    assert!(town.received().is_empty());
    let (ticket, _) = town.only_ticket().await;
    assert_eq!(ticket.severity(), Severity::Low);
    assert!(!ticket.calls_for_a_human());
    let citizen = Mail::from(STRANGER, "c").subject("Opgelicht").text(
        "Ik ben een gewone burger en ben privé opgelicht op een tweedehandssite, mijn eigen bankrekening is leeg.",
    );
    town.hears(&citizen).await;
    assert_eq!(town.tickets().await.len(), 1, "none for the citizen");
    let reply = town.only_reply();
    assert_snapshot!(
        "citizen_nl",
        format!("{}\n\n{}", reply.mail.subject, reply.mail.text.trim_end())
    );
    town.comes_to_rest().await;
}

#[tokio::test]
async fn a_subscription_is_confirmed_first() {
    let town = Town::new().await;
    town.hears(
        &Mail::from(AN, "n")
            .subject("Nieuwsbrief")
            .text("Graag schrijf ik me in voor de nieuwsbrief."),
    )
    .await;
    let reply = town.only_reply();
    assert_snapshot!(
        "subscription_nl",
        format!("{}\n\n{}", reply.mail.subject, reply.mail.text.trim_end())
    );
    town.comes_to_rest().await;
}

/// The beginning of a mail with a disk image attached, cut in the middle of it.
fn too_large(from: &str, words: &str) -> Vec<u8> {
    let mail = Mail::from(from, "groot").subject("bestand").bytes();
    let header = String::from_utf8(mail).unwrap().replace(
        "text/plain; charset=utf-8",
        "multipart/mixed; boundary=grens",
    );
    let (header, _) = header.split_once("\r\n\r\n").unwrap();
    let disk = "TVqQAAMAAAAEAAAA//8AALgAAAAAAAAA\r\n".repeat(2_000);
    format!(
        "{header}\r\n\r\n--grens\r\n\r\n{words}\r\n--grens\r\nContent-Type: application/octet-stream; \
         name=schijf.img\r\nContent-Transfer-Encoding: base64\r\n\r\n{disk}"
    )
    .into_bytes()
}

#[tokio::test]
async fn whoever_sends_more_than_fits_hears_what_to_do_and_a_human_sees_it() {
    for (from, words, name) in [
        (
            AN,
            "Wij vonden dit op de server, er draait ransomware.",
            "too_large_incident",
        ),
        (AN, "", "too_large_without_words"),
        (STRANGER, "", "too_large_from_a_stranger"),
    ] {
        let town = Town::new().await;
        town.deliver_beginning(too_large(from, words)).await;
        town.run_until_idle().await;
        let reply = town.only_reply();
        assert_snapshot!(name, reply.mail.text.trim_end());
        let (ticket, _) = town.only_ticket().await;
        let message = ticket.latest_message.unwrap();
        assert!(message.defects.contains(&Defect::TooLarge));
        assert_eq!(message.attachments[0].name, "schijf.img");
        town.comes_to_rest().await;
    }
}
