#!/bin/bash
# Answers the mail on its standard input at once, every time, in the form that the recipient's name asks for:
#   vacation   as the program of that name and Sieve do (RFC 3834, RFC 5230)
#   exchange   as Exchange does
#   oud        as an old program does: no mark at all, to whoever stands in From
#   loket      as a help desk does that gives every mail a number, to Reply-To
# Postfix runs it: auto_responder.sh SMTP-PORT FOLDER ENVELOPE-SENDER RECIPIENT
port=$1 folder=$2 sender=$3 recipient=$4
mail=$(cat)
form=${recipient%%@*}
printf '%s\n' "$mail" >"$(mktemp "$folder/$form.XXXXXX")"

field() {
    sed -n "/^\r*\$/q;s/^$1: *//Ip" <<<"$mail" | head -n 1 | tr -d '\r'
}
address() {
    sed 's/.*<\(.*\)>.*/\1/' <<<"$1"
}

subject=$(field Subject)
marks='' envelope='' to=$sender
case $form in
vacation)
    marks=$'Auto-Submitted: auto-replied (vacation)\r\nPrecedence: bulk\r\n'
    subject="Re: $subject" text='Ik ben met verlof tot maandag.'
    ;;
exchange)
    marks=$'Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n'
    subject="Automatisch antwoord: $subject" text='Ik ben niet op kantoor.'
    ;;
oud)
    envelope=$recipient to=$(address "$(field From)")
    subject="Re: $subject" text='Ik ben afwezig tot maandag. Groeten, Jan'
    ;;
loket)
    envelope=$recipient to=$(address "$(field Reply-To)")
    subject="Re: $subject" text='Bedankt voor uw bericht. Wij hebben het goed ontvangen onder nummer 4711.'
    ;;
esac
[ -n "$to" ] || exit 0

exec 3<>"/dev/tcp/127.0.0.1/$port"
read -r _ <&3
say() {
    printf '%s\r\n' "$1" >&3
    read -r _ <&3
}
say 'HELO afwezig.example'
say "MAIL FROM:<$envelope>"
say "RCPT TO:<$to>"
say 'DATA'
printf 'From: Afwezig <%s>\r\nTo: <%s>\r\nSubject: %s\r\n%sMessage-ID: <%s.%s@afwezig.example>\r\n' \
    "$recipient" "$to" "$subject" "$marks" "$form" "$$" >&3
printf 'In-Reply-To: %s\r\nDate: Mon, 23 Nov 2026 21:41:00 +0100\r\n\r\n%s\r\n' \
    "$(field Message-ID)" "$text" >&3
say '.'
say 'QUIT'
