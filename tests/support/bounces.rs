//! Mails that come back, as servers report them.

/// A delivery report (RFC 3464) about a mail of ours to somebody.
pub(crate) fn delivery_report(ours: &str, to: &str, status: &str) -> Vec<u8> {
    format!(
        "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@hackegem.example>\r\nTo: bounces@crt.example\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <dsn-1@hackegem.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nThe mail could not be delivered.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.hackegem.example\r\n\r\n\
         Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: {status}\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{ours}>\r\nSubject: x\r\n\r\n--b--\r\n"
    )
    .into_bytes()
}

/// The same as qmail writes it: no report, only a letter with the mail below.
pub(crate) fn qmail_letter(ours: &str) -> Vec<u8> {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@hackegem.example\r\nTo: bounces@crt.example\r\n\
         Subject: failure notice\r\nMessage-ID: <qmail-1@hackegem.example>\r\n\r\n\
         Hi. This is the qmail-send program at mx.hackegem.example.\r\n\
         I'm afraid I wasn't able to deliver your message to the following addresses.\r\n\
         This is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n\
         <an.peeters@hackegem.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n\
         --- Below this line is a copy of the message.\r\n\r\n\
         Return-Path: <crt@crt.example>\r\nMessage-ID: <{ours}>\r\nSubject: x\r\n\r\ntekst\r\n"
    )
    .into_bytes()
}
