"""What a machine wrote is known for it, by the standards and by old habit; what a person wrote never is (L16)."""

from pathlib import Path

import pytest

from amends.desk.address import Address
from amends.desk.delivery import DeliveryReport
from amends.desk.message import Message, read_message

MAILS = Path(__file__).parent / "mail"
WEB_FORM = "noreply@www.opus.example"


def read(name: str, *, own_lists: tuple[str, ...] = ()) -> Message:
    raw = (MAILS / f"{name}.eml").read_bytes()
    return read_message(raw, form_relays={WEB_FORM}, own_lists=own_lists)


def letter(*lines: str) -> Message:
    head = {
        "From": "From: nia@example.org",
        "Subject": "Subject: My line",
        "Message-ID": "Message-ID: <x@example.org>",
    }
    head |= {line.partition(":")[0]: line for line in lines}
    return read_message(("\n".join(head.values()) + "\n\nWords.\n").encode())


MACHINES = [
    ("Auto-Submitted: auto-replied", "auto-submitted: auto-replied"),
    ("Auto-Submitted: Auto-Generated; type=x", "auto-submitted: auto-generated"),
    ("Auto-Submitted: auto-notified (a comment)", "auto-submitted: auto-notified"),
    ("Return-Path: <>", "null return-path"),
    ("Return-Path: < >", "null return-path"),
    ("Precedence: bulk", "precedence: bulk"),
    ("Precedence: Junk", "precedence: junk"),
    ("Precedence: auto_reply", "precedence: auto_reply"),
    ("List-Id: Talk <talk.example.net>", "mailing list (talk.example.net)"),
    ("List-Post: <mailto:talk@example.net>", "mailing list"),
    ("X-Autoreply: yes", "automatic answer (x-autoreply)"),
    ("X-Autorespond: your mail", "automatic answer (x-autorespond)"),
    (
        "X-Auto-Response-Suppress: DR, OOF, AutoReply",
        "asks for no automatic answers (X-Auto-Response-Suppress)",
    ),
    ("X-Auto-Response-Suppress: All", "asks for no automatic answers (X-Auto-Response-Suppress)"),
    ("From: MAILER-DAEMON\nX-Failed-Recipients: huw@example.net", "delivery report (X-Failed-Recipients)"),
    ("Content-Type: message/delivery-status", "delivery report"),
    ("From: MAILER-DAEMON", "sender mailer-daemon"),
    ("From: Mail Delivery System <Mailer-Daemon@example.net>", "sender mailer-daemon"),
    ("From: postmaster@example.net", "sender postmaster"),
    ("From: no-reply@example.net", "sender no-reply"),
    ("From: Billing <billing.donotreply+7@example.net>", "sender billing.donotreply+7"),
    ("Subject: Automatic reply: Your complaint", "out of office subject"),
    ("Subject: Out of Office: Re: Your complaint", "out of office subject"),
    ("Subject: Out of the office until Monday", "out of office subject"),
    ("Subject: Auto-Reply: thank you", "out of office subject"),
    ("Subject: [Auto-Reply] thank you", "out of office subject"),
    ("Subject: Ateb awtomatig: Eich cwyn", "out of office subject"),
    ("Subject: Allan o'r swyddfa", "out of office subject"),
]


@pytest.mark.parametrize(("line", "reason"), MACHINES)
def test_a_machine_is_known_by_what_it_says(line: str, reason: str) -> None:
    assert letter(line).machine == reason


PEOPLE = [
    "Auto-Submitted: no",
    "Auto-Submitted: No (a person)",
    "Return-Path: <nia@example.org>",
    "Precedence: first-class",
    "X-Auto-Response-Suppress: DR, RN, NRN",
    "X-Autoreply: no",
    "X-Mailer: Automatic Reply Writer",
    "From: Nora Eply <nora.eply@example.org>",
    "From: Noreen <noreen@example.org>",
    "From: The Postmasters Arms <postmasters.arms@example.org>",
    "Subject: Out of office hours nobody answers your phone",
    "Subject: Re: Out of office: Your complaint",
    "Subject: I was out of the office when you called",
    "Subject: Automatic replies are all I get",
    "Subject: Your auto reply is no answer",
    "Subject: Auto-reply is not good enough",
    "Subject: Delivery failed: my router never came",
    "Subject: Undelivered router",
    "Subject: Returned mail",
    "List-Unsubscribe: <mailto:stop@crm.example.org>",
    "Feedback-ID: 1:2:3",
]


@pytest.mark.parametrize("line", PEOPLE)
def test_a_person_is_never_taken_for_a_machine(line: str) -> None:
    assert letter(line).machine == ""


REPORTS = [
    ("delivery-status", "delivery report"),
    ("disposition-notification", "read receipt"),
    ("feedback-report", "abuse report from a mail provider"),
    ("something-new", "report (something-new)"),
]


@pytest.mark.parametrize(("kind", "reason"), REPORTS)
def test_every_kind_of_report_is_a_machines(kind: str, reason: str) -> None:
    head = f"From: nia@example.org\nContent-Type: multipart/report; report-type={kind}; boundary=b"
    assert read_message(f"{head}\n\n--b\n\nWords.\n--b--\n".encode()).machine == reason


@pytest.mark.parametrize(
    "name", ["out-of-office", "out-of-office-welsh", "bounce", "bounce-old-style", "read-receipt"]
)
def test_machine_mail_is_kept_whole_with_its_reason(name: str) -> None:
    kept = read(name)
    assert kept.machine
    assert kept.text
    assert kept.message_id


# --- web forms ---------------------------------------------------------------------------------------------


def test_a_known_web_form_is_no_machine_and_its_customer_is_the_reply_to() -> None:
    form = read("web-form")
    assert form.machine == ""
    assert form.relay == WEB_FORM
    assert form.customer == Address("Huw Rees", "huw@example.net")


def test_the_form_is_known_however_its_address_is_spelt() -> None:
    raw = (MAILS / "web-form.eml").read_bytes()
    assert read_message(raw, form_relays={" NoReply@WWW.Opus.example "}).relay == WEB_FORM


def test_an_unknown_web_form_is_no_machine_but_a_person_says_whose_it_is() -> None:
    form = letter("From: noreply@shop.example", "Reply-To: huw@example.net")
    assert form.machine == ""
    assert form.unknown_form
    assert form.customer is None
    assert (
        "a no-reply sender with another Reply-To: a web form that is not known here, perhaps" in form.mistakes
    )


def test_a_no_reply_sender_that_answers_to_itself_is_a_machine() -> None:
    shop = letter("From: noreply@shop.example", "Reply-To: no-reply@shop.example")
    assert shop.machine == "sender noreply"


def test_a_reply_to_changes_nothing_for_anybody_else() -> None:
    diverted = letter("From: nia@example.org", "Reply-To: thief@example.net")
    assert diverted.customer == Address("", "nia@example.org")


def test_an_answer_of_the_forms_own_mailbox_is_still_a_machines() -> None:
    raw = (MAILS / "web-form.eml").read_bytes().replace(b"auto-generated", b"auto-replied")
    assert read_message(raw, form_relays={WEB_FORM}).machine == "auto-submitted: auto-replied"


def test_a_form_without_a_usable_reply_to_has_no_customer() -> None:
    raw = (MAILS / "web-form.eml").read_bytes().replace(b"<huw@example.net>", b"(no address)")
    assert read_message(raw, form_relays={WEB_FORM}).customer is None


# --- lists -------------------------------------------------------------------------------------------------


def test_mail_of_a_list_is_a_machines_unless_the_list_is_our_own_mailbox() -> None:
    assert read("own-group").machine == "mailing list (complaints.opus.example)"
    assert read("own-group", own_lists=("<Complaints.Opus.example>",)).machine == ""
    assert read("mailing-list", own_lists=("complaints.opus.example",)).machine


# --- delivery reports --------------------------------------------------------------------------------------


def test_a_bounce_names_the_letter_and_each_recipient() -> None:
    assert read("bounce").delivery_reports == (
        DeliveryReport(
            message_id="ack.7f3a@opus.example",
            recipient="nia@example.org",
            action="failed",
            status="5.1.1",
            diagnostic="550 5.1.1 <nia@example.org>: Recipient address rejected",
        ),
        DeliveryReport(
            message_id="ack.7f3a@opus.example",
            recipient="huw@example.org",
            action="delayed",
            status="4.4.1",
            diagnostic="",
        ),
    )


def test_a_bounce_from_before_the_standard_names_them_too() -> None:
    assert read("bounce-old-style").delivery_reports == (
        DeliveryReport("adr.11c2@opus.example", "huw@example.net", "failed", "", ""),
    )


def test_a_read_receipt_reports_no_delivery() -> None:
    assert read("read-receipt").delivery_reports == ()


def test_a_customer_who_quotes_a_bounce_makes_no_report() -> None:
    quoting = letter("Subject: Your mail bounced", "X-Note: Final-Recipient: rfc822; nia@example.org")
    assert quoting.delivery_reports == ()
