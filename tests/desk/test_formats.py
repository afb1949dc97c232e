"""A need, once recorded, chooses the format of every letter to that customer, on every case; no letter waits for it.

N-formats, O-formats, O-arrangements, C5-01, C5-04.
"""

from __future__ import annotations

from datetime import date, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import page as pages
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amends.core import facts as f
from amends.core.formats import Format
from amends.core.may import Refusal
from amends.desk import actions, attached, documents, needs, outbox, voice
from amends.desk.actions import Actor
from amends.desk.erasure import Erased, erase_private
from amends.desk.evidence import verify
from amends.desk.models import Alarm, CaseRow, Document, Lane, Mail, Outgoing, PrivateWords, Provider
from amends.desk.outbox import Outbox
from amends.desk.record import docket
from amends.desk.refold import refold
from tests.braille_reader import lines
from tests.desk.made import ANN, MONDAY, case, closed, days, look, provider, tell
from tests.desk.mails import take
from tests.desk.office import Office
from tests.desk.plans import steps

pytestmark = pytest.mark.django_db

HANA = Actor("7", "Hana Hall", "handler")
TUESDAY = MONDAY + days(1)
SAM = {"name": "Sam", "email": "sam@example.org"}
BY_POST = {"name": "Ann Archer", "address": "7 Mill Lane\nLarkfield\nLK1 2AB", "prefers": "letter"}


def need(row: CaseRow, wanted: str, now: Any = MONDAY, **fields: Any) -> Refusal | None:
    with docket(row.pk, now=now) as d:
        return actions.need_format(
            d.cases[row.pk], HANA, now, wanted=wanted, consent=fields.get("consent", "agreed on the call"),
            review=fields.get("review"),
        )  # fmt: skip


def write(row: CaseRow, now: Any = TUESDAY, words: str = "We are looking into it.") -> Outgoing:
    """A letter to the customer; its outgoing row."""
    with docket(row.pk, now=now) as d:
        refused = actions.write(d, d.cases[row.pk], HANA, now, purpose="update", words=words)
    assert refused is None, refused
    return Outgoing.objects.select_related("provider", "case").filter(case=row).order_by("-pk")[0]


def orders(row: CaseRow) -> list[tuple[str, str]]:
    with docket(row.pk, now=TUESDAY, rest=False) as d:
        return [
            (o.letter.split("/")[1], o.format) for o in d.cases[row.pk].case.format_orders if not o.dispatched
        ]


def duties(row: CaseRow) -> list[str]:
    with docket(row.pk, now=TUESDAY, rest=False) as d:
        from amends.core.duties import duties as owed

        hand = d.cases[row.pk]
        return [x.what for x in owed(hand.case, hand.book, TUESDAY) if x.id.startswith("format:")]


# --- A need and its consent ---------------------------------------------------------------------------------------


def test_a_need_is_kept_with_consent_and_a_day_to_ask_again() -> None:
    row = case(provider())
    assert need(row, "large print") is None
    with docket(row.pk, now=MONDAY, rest=False) as d:
        kept = d.cases[row.pk].case.format_need
    assert kept is not None
    assert (kept.format, kept.review, kept.by) == ("large print", "2027-11-02", "7")


@pytest.mark.parametrize(
    ("wanted", "fields", "clause"),
    [
        ("papyrus", {}, "O-formats"),
        ("Braille", {"consent": " "}, "C5-01"),
        ("Braille", {"review": date(2026, 11, 2)}, "C5-01"),
    ],
)
def test_a_need_without_consent_or_sense_is_refused(wanted: str, fields: dict[str, Any], clause: str) -> None:
    row = case(provider("opus"))
    refused = need(row, wanted, **fields)
    assert refused is not None
    assert refused.clause == clause
    assert orders(row) == []


def test_going_back_to_the_usual_form_needs_no_consent() -> None:
    row = case(provider())
    need(row, "Braille")
    assert need(row, "", TUESDAY, consent="") is None
    assert write(row).format == ""


# --- Every letter, on every case ----------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [w for w in Format if w])
def test_every_letter_after_it_goes_in_that_format_and_none_before_it_changes(wanted: Format) -> None:
    row = case(provider())
    first = Outgoing.objects.get(case=row)
    need(row, str(wanted))
    assert [write(row).format, write(row).format] == [wanted, wanted]
    first.refresh_from_db()
    assert first.format == ""
    look(row, MONDAY + days(42))
    assert Outgoing.objects.get(case=row, letter="adr-letter").format == wanted


def test_a_new_case_of_the_same_customer_has_the_need_from_its_first_letter_on() -> None:
    at = provider()
    first = case(at)
    need(first, "large print", consent="agreed on the call with Hana")
    second = case(at, MONDAY + days(90))
    assert Outgoing.objects.get(case=second, letter="acknowledgement").format == "large print"
    with docket(second.pk, now=MONDAY + days(90), rest=False) as d:
        carried = d.cases[second.pk].case.format_need
    assert carried is not None
    assert (carried.by, carried.carried_from) == (f.SYSTEM, first.reference)
    assert (carried.at, carried.logged) == (MONDAY, MONDAY + days(90))
    assert carried.consent == "agreed on the call with Hana"
    third = case(at, MONDAY + days(120))
    with docket(third.pk, now=MONDAY + days(120), rest=False) as d:
        again = d.cases[third.pk].case.format_need
    assert again is not None
    assert again.carried_from == first.reference, "it names where they said so, not where it was carried to"


def test_a_mail_from_the_same_address_opens_a_case_with_the_need() -> None:
    at = provider()
    take(at)
    need(CaseRow.objects.get(), "Braille")
    taken = take(at, now=TUESDAY)
    assert Outgoing.objects.get(case__reference=taken.case).format == "Braille"


def test_a_case_that_is_open_beside_it_takes_the_need_with_its_next_letter() -> None:
    at = provider()
    one, other = case(at), case(at)
    need(one, "large print")
    assert write(other).format == "large print"
    need(other, "audio", TUESDAY)
    assert write(one, TUESDAY + timedelta(hours=1)).format == "audio"
    need(one, "", TUESDAY + timedelta(hours=2))
    assert write(other, TUESDAY + timedelta(hours=3)).format == ""


def test_the_need_of_another_customer_or_of_another_provider_s_customer_is_not_carried() -> None:
    at, elsewhere = provider("example"), provider("opus")
    need(case(at), "Braille")
    stranger = case(at, TUESDAY, {"name": "Ben", "email": "ben@example.org"})
    same_person = case(elsewhere, TUESDAY)
    assert {Outgoing.objects.get(case=row).format for row in (stranger, same_person)} == {""}


def test_who_writes_for_somebody_else_does_not_get_their_need() -> None:
    at = provider()
    theirs = case(at, MONDAY, SAM)
    tell(
        theirs,
        MONDAY,
        f.PartyAdded,
        role="representative",
        name="Ann",
        email="ann@example.org",
        why="said so",
    )
    need(theirs, "Braille")
    assert write(case(at)).format == ""
    assert write(theirs).format == "Braille"


def test_in_one_docket_each_provider_s_customer_keeps_their_own_need() -> None:
    one, other = case(provider("example")), case(provider("opus"))
    need(case(one.provider, TUESDAY), "Braille", TUESDAY)
    with docket(one.pk, other.pk, now=TUESDAY) as d:
        needs.carry(d.cases.values(), TUESDAY)
        found = [d.cases[row.pk].case.format for row in (one, other)]
    assert found == [Format.BRAILLE, Format.STANDARD]


def test_an_account_carries_a_need_only_once_the_caller_s_identity_was_checked() -> None:
    at = provider()
    known = {"name": "Ann Archer", "email": "ann@example.org", "account": "A-1"}
    need(case(at, MONDAY, known), "Braille")
    row = case(at, TUESDAY, {"name": "Ann Archer", "email": "new@example.org", "account": "A-1"})
    assert write(row).format == "", "anybody can name an account: what its owner needs is not theirs to learn"
    tell(row, TUESDAY, f.IdentityChecked, passed=True, how="postcode")
    assert write(row).format == "Braille"


def test_what_was_erased_is_carried_to_no_case() -> None:
    at = provider()
    known = {"name": "Ann Archer", "email": "ann@example.org", "account": "A-1"}
    first = case(at, MONDAY, known)
    need(first, "Braille")
    assert write(first).format == "Braille"
    tell(first, TUESDAY, f.FormatDispatched, order="1", how="Posted.")
    erased = erase_private(closed(first, TUESDAY), why="asked", by="7", now=TUESDAY)
    assert isinstance(erased, Erased)
    assert set(Outgoing.objects.filter(case=first).values_list("format", flat=True)) == {""}
    second = case(at, TUESDAY, known)
    tell(second, TUESDAY, f.IdentityChecked, passed=True, how="postcode")
    assert write(second).format == ""
    assert verify().whole
    assert refold(check=True, now=TUESDAY).wrong == []


def test_a_need_whose_words_are_gone_says_nothing_and_an_older_one_counts() -> None:
    at = provider()
    old, new = case(at), case(at)
    need(old, "large print", MONDAY)
    need(new, "", TUESDAY, consent="changed their mind on the phone")
    said = new.fact_rows.get(kind=f.FormatNeeded.KIND, logged=TUESDAY)
    PrivateWords.objects.filter(case=new, seq=said.seq).update(words=None, salt="")
    third = case(at, TUESDAY)
    assert Outgoing.objects.get(case=third, letter="acknowledgement").format == "large print"


def test_looking_for_a_need_is_one_question_for_all_cases_of_a_docket() -> None:
    at = provider()
    rows = [case(at, MONDAY, {"name": f"P{n}", "email": f"p{n}@example.org"}) for n in range(12)]
    asked = []
    for some in (rows[:2], rows):
        with CaptureQueriesContext(connection) as seen, docket(*(r.pk for r in some), now=TUESDAY):
            pass
        asked.append(len([q for q in seen if f.FormatNeeded.KIND in q["sql"] or "address_key" in q["sql"]]))
    assert asked == [2, 2]


def test_looking_for_a_need_uses_the_index_of_addresses() -> None:
    row = case(provider())
    with docket(row.pk, now=MONDAY, rest=False) as d, CaptureQueriesContext(connection) as seen:
        needs.carry(d.cases.values(), MONDAY)
    asked = [q["sql"] for q in seen]
    assert len(asked) == 2
    if connection.vendor == "sqlite":
        for each in asked:
            assert "SCAN" not in " ".join(steps(each))


# --- Documents in every format ------------------------------------------------------------------------------------


def letter_in(wanted: str, words: str = "We are looking into it.", customer: Any = ANN) -> Outgoing:
    row = case(provider(), MONDAY, customer)
    need(row, wanted)
    return write(row, words=words)


def test_large_print_is_made_once_and_kept() -> None:
    made = documents.in_format(letter_in("large print"))
    assert made is not None
    outgoing = made.outgoing
    assert outgoing is not None
    assert (made.format, made.media_type) == ("large-print", "application/pdf")
    assert pages.validate_pdf_bytes(bytes(made.content), profile="ua1").is_compliant
    again = documents.in_format(outgoing)
    assert again is not None
    assert again.pk == made.pk
    assert documents.to_print(outgoing).pk == made.pk
    assert documents.file_name(outgoing, made) == f"update-{outgoing.case.reference}-large-print.pdf"


def test_by_post_large_print_has_its_cover_and_by_email_none() -> None:
    from amends.desk.typeset import MadePdf
    from tests.desk.test_documents import text

    by_mail = {"name": "Ben", "email": "ben@example.org"}
    made = [documents.to_print(letter_in("large print", customer=c)) for c in (BY_POST, by_mail)]
    covers = ["begins on the next page" in text(MadePdf(bytes(d.content), "", ())) for d in made]
    assert covers == [True, False]


def test_braille_is_a_file_as_embossers_take_it() -> None:
    made = documents.in_format(letter_in("Braille"))
    assert made is not None
    content = bytes(made.content).decode("ascii")
    rows = lines(content.replace("\r\n", "\n"))
    assert content.count("\r\n") == content.count("\n")
    assert any("NOVEMBER" in row or ",NOVEMB]" in row for row in rows), "the day on which it was written"


def test_what_braille_has_no_sign_for_is_told_in_words_and_a_person_hears_of_it() -> None:
    outgoing = letter_in("Braille", "Dear 李雷, it works 😀")
    documents.in_format(outgoing)
    alarm = Alarm.objects.get(kind=documents.ALARM)
    assert "Braille has no sign for [U+674E U+96F7] and [U+1F600 grinning face]" in alarm.text


@pytest.mark.skipif(not voice.there(), reason="espeak-ng is not installed (run.py install --system)")
def test_a_recording_is_made_and_without_a_voice_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    outgoing = letter_in("audio")
    made = documents.in_format(outgoing)
    assert made is not None
    assert (made.format, bytes(made.content)[:4]) == ("audio", b"RIFF")
    monkeypatch.setattr(voice, "spoken", lambda _script: None)
    Document.objects.all().delete()
    script = documents.in_format(outgoing)
    assert script is not None
    assert script.format == "script"
    assert "Your reference: " in bytes(script.content).decode("utf-8-sig")


def test_plain_text_and_the_usual_form_and_sign_language() -> None:
    made = documents.in_format(letter_in("plain text"))
    assert made is not None
    said = bytes(made.content).decode("utf-8-sig")
    assert "We are looking into it." in said
    assert "Your reference" in said
    assert documents.in_format(letter_in("British Sign Language", customer=SAM)) is None
    assert (
        documents.in_format(write(case(provider(), MONDAY, {"name": "Zoe", "email": "zoe@example.org"})))
        is None
    )


HOSTILE = {
    "markup": '#import "x": * $x^2$ \\ <script>alert(1)</script> {{ secret }} %(x)s',
    "right to left": "مرحبا بكم في خدمتنا שלום",
    "emoji": "👍🏽 😀 \U0001faf6",
    "unknown": "\U00012345 \ue000 \x00 \x07 \ud800",
    "two thousand words": " ".join(f"word{n}" for n in range(2000)),
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("wanted", [w for w in Format if w])
def test_whatever_anybody_typed_every_format_of_it_is_made(wanted: Format, words: str) -> None:
    address = "\n".join(f"{n} Long Street" for n in range(40))
    outgoing = letter_in(str(wanted), words, {**BY_POST, "address": address})
    made = documents.in_format(outgoing)
    if wanted is Format.SIGN_LANGUAGE:
        assert made is None
        return
    assert made is not None
    content = bytes(made.content)
    if made.format == "brf":
        lines(content.decode("ascii").replace("\r\n", "\n"))
    if made.format == "large-print":
        assert pages.validate_pdf_bytes(content, profile="ua1").is_compliant
    assert len(content) > 300


def test_words_that_were_erased_are_made_into_nothing() -> None:
    outgoing = letter_in("Braille")
    Outgoing.objects.filter(pk=outgoing.pk).update(words={})
    outgoing.refresh_from_db()
    with pytest.raises(documents.WordsErased):
        documents.in_format(outgoing)


# --- In the mail --------------------------------------------------------------------------------------------------


def folder(name: str = "example") -> Provider:
    return provider(name, mail=Mail.FOLDER)


def sent(now: Any = TUESDAY) -> list[EmailMessage]:
    """What the outbox writes into the desk's folder now, in its order."""
    found: list[EmailMessage] = []
    written = outbox.into_folder

    def keep(letter: Outgoing, envelope: Any) -> Any:
        found.append(BytesParser(policy=default).parsebytes(envelope.content))
        return written(letter, envelope)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(outbox, "into_folder", keep)
        Outbox(lambda: now).run()
    return found


@pytest.mark.parametrize(
    ("wanted", "ending", "above"),
    [
        ("large print", "-large-print.pdf", "This message is attached in large print (PDF)."),
        (
            "Braille", ".brf",
            "This message is attached as a Braille file (BRF). Somebody here will also emboss it and post it to you.",
        ),
        ("audio", ".wav", "A recording of this message is attached."),
        ("plain text", "", "Dear Ann Archer,"),
        (
            "British Sign Language", "",
            "Somebody here will have this message put into British Sign Language for you.",
        ),
    ],
)  # fmt: skip
def test_the_letter_brings_its_format_along_in_the_mail(wanted: str, ending: str, above: str) -> None:
    if wanted == "audio" and not voice.there():
        pytest.skip("espeak-ng is not installed (run.py install --system)")
    row = case(folder())
    sent()
    need(row, wanted)
    outgoing = write(row)
    (mail,) = sent()
    body = mail.get_body(("plain",))
    assert body is not None
    assert "We are looking into it." in body.get_content()
    assert " ".join(body.get_content().split()).startswith(f"{above} ")
    marked_up = mail.get_body(("html",))
    if marked_up is not None:
        assert f"<body>\n<p>{above}</p>" in marked_up.get_content().replace("\r\n", "\n")
        assert above not in outgoing.text, (
            "whoever acts for the customer reads the letter and hears nothing of the need"
        )
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names == ([f"update-{row.reference}{ending}"] if ending else [])
    assert (mail.get_body(("html",)) is None) is (wanted == "plain text")
    kept = {d.format: bytes(d.content) for d in outgoing.documents.all()}
    assert [part.get_content() for part in mail.iter_attachments()] == list(kept.values())


def test_a_letter_that_was_claimed_before_its_format_was_made_goes_back_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = case(folder())
    sent()
    need(row, "large print")
    write(row)
    with monkeypatch.context() as patched:
        patched.setattr(attached, "waiting", lambda _now, _lane: ())
        Outbox(lambda: TUESDAY).run(batches=1)
    assert Outgoing.objects.get(letter="update").state == "ready"
    (mail,) = sent()
    assert len(list(mail.iter_attachments())) == 1


def test_an_adr_letter_brings_its_pdf_and_its_format() -> None:
    row = case(folder())
    need(row, "large print")
    sent()
    look(row, MONDAY + days(42))
    (mail,) = sent(MONDAY + days(42))
    assert [part.get_filename() for part in mail.iter_attachments()] == [
        f"adr-letter-{row.reference}.pdf", f"adr-letter-{row.reference}-large-print.pdf",
    ]  # fmt: skip


def test_a_letter_leaves_at_the_same_moment_in_every_format_and_what_is_missing_is_ordered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(voice, "_program", lambda: None)
    at = folder()
    rows = {}
    for wanted in Format:
        rows[wanted] = case(at, MONDAY, {"name": "X", "email": f"x{wanted.replace(' ', '')}@example.org"})
        if wanted:
            need(rows[wanted], str(wanted))
    sent()
    for row in rows.values():
        write(row)
    assert len(sent()) == len(rows)
    assert set(Outgoing.objects.values_list("state", flat=True)) == {"sent"}
    assert {w: orders(row) for w, row in rows.items() if orders(row)} == {
        Format.BRAILLE: [("update", "Braille")],
        Format.AUDIO: [("update", "audio")],
        Format.SIGN_LANGUAGE: [("update", "British Sign Language")],
    }
    assert duties(rows[Format.BRAILLE]) == ["Send the update in Braille"]


def test_a_format_that_cannot_be_made_holds_the_letter_up_for_minutes_only_and_a_person_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = case(folder())
    sent()
    need(row, "large print")
    write(row)

    def broken(*_: Any) -> Any:
        raise RuntimeError("no fonts")

    monkeypatch.setattr(documents, "document", broken)
    left = [len(sent(TUESDAY + timedelta(minutes=m))) for m in (0, 3, 10, 20)]
    assert sum(left) == 1
    assert left[0] == 0
    assert Outgoing.objects.get(letter="update").state == "sent"
    assert orders(row) == [("update", "large print")]
    assert Alarm.objects.get(kind="no PDF").text.startswith("The large print version of ")


def test_a_recording_that_no_mail_can_carry_is_ordered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "_program", lambda: "espeak-ng")
    row = case(folder())
    sent()
    need(row, "audio")
    write(row, words="a long word " * 1000)
    (mail,) = sent()
    assert list(mail.iter_attachments()) == []
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("Somebody here will record this message for you")
    assert orders(row) == [("update", "audio")]


def test_what_is_larger_than_a_mail_may_be_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    outgoing = letter_in("large print")
    documents.in_format(outgoing)
    assert [d.format for d in attached.documents_of(outgoing)] == ["large-print"]
    monkeypatch.setattr(attached, "LARGEST", 100)
    assert attached.documents_of(outgoing) == []


def test_many_letters_in_a_format_are_found_by_their_index() -> None:
    with CaptureQueriesContext(connection) as seen:
        assert list(attached.waiting(TUESDAY, Lane.REPLY)) == []
    asked = [q["sql"] for q in seen]
    assert 4 <= len(asked) <= 5
    if connection.vendor == "sqlite":
        assert all("outgoing_in_format" in " ".join(steps(each)) for each in asked[:-1])
        assert "outgoing_copies" in " ".join(steps(asked[-1])), (
            "a code goes with its letter, in the usual form too"
        )


# --- Orders -------------------------------------------------------------------------------------------------------


def test_an_order_is_settled_by_saying_which_way_it_left() -> None:
    row = case(provider())
    need(row, "Braille")
    write(row)
    with docket(row.pk, now=TUESDAY) as d:
        hand = d.cases[row.pk]
        assert actions.dispatch_format(hand, HANA, TUESDAY, order="9", how="posted") is not None
        assert actions.dispatch_format(hand, HANA, TUESDAY, order="1", how=" ") is not None
        assert actions.dispatch_format(hand, HANA, TUESDAY, order="1", how="Embossed, posted.") is None
        assert actions.dispatch_format(hand, HANA, TUESDAY, order="1", how="Again.") is not None
    assert orders(row) == []


def test_the_person_who_makes_it_finds_the_file_at_the_letter(office: Office) -> None:
    hana = office.visitor()
    key = Outgoing.objects.get(case=office.row).key
    page = hana.get(office.at(f"letters/read/{key}"))
    offered = [link.split("letters/as/")[1].split("/")[0] for link in page.links if "letters/as/" in link]
    assert {"large-print", "brf", "script", "txt"} <= set(offered)
    answer = hana.client.get(office.at(f"letters/as/brf/{key}"))
    assert (
        answer["Content-Disposition"] == f'attachment; filename="acknowledgement-{office.row.reference}.brf"'
    )
    lines(answer.content.decode("ascii").replace("\r\n", "\n"))
    assert hana.client.get(office.at(f"letters/as/papyrus/{key}")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "media_type", "ending"),
    [
        ("pdf", "application/pdf", ".pdf"),
        ("large-print", "application/pdf", "-large-print.pdf"),
        ("brf", "application/x-brf", ".brf"),
        ("script", "text/plain; charset=utf-8", "-to-read-aloud.txt"),
        ("txt", "text/plain; charset=utf-8", ".txt"),
    ],
)
def test_a_letter_in_a_format_is_saved_as_the_file_that_it_is(
    office: Office, kind: str, media_type: str, ending: str
) -> None:
    key = Outgoing.objects.get(case=office.row).key
    answer = office.visitor().client.get(office.at(f"letters/as/{kind}/{key}"))
    assert answer["Content-Type"] == media_type
    assert answer["Content-Disposition"] == (
        f'attachment; filename="acknowledgement-{office.row.reference}{ending}"'
    )
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_what_somebody_wrote_with_a_full_stop_has_one_on_the_page(office: Office) -> None:
    tell(
        office.row, TUESDAY, f.FormatNeeded, format="Braille", consent="She said so on the phone.",
        review=date(2027, 11, 2).isoformat(),
    )  # fmt: skip
    page = " ".join(office.visitor().get(office.at(f"cases/{office.row.reference}")).main.split())
    assert "Consent: She said so on the phone. Asked again from" in page


def test_a_customer_may_ask_for_one_letter_in_a_format() -> None:
    row = case(provider("netfuse"))
    key = Outgoing.objects.get(case=row).key
    with docket(row.pk, now=TUESDAY) as d:
        hand = d.cases[row.pk]
        assert actions.send_in_format(d, hand, HANA, TUESDAY, letter="none", wanted="Braille") is not None
        refused = actions.send_in_format(d, hand, HANA, TUESDAY, letter=key, wanted="")
        assert refused is not None
        assert refused.clause == "N-formats"
        assert actions.send_in_format(d, hand, HANA, TUESDAY, letter=key, wanted="Braille") is None
    assert orders(row) == [("format-sent", "Braille")]
    assert write(row).format == "", "the next letter goes as every letter does"


@pytest.mark.skipif(not voice.there(), reason="espeak-ng is not installed (run.py install --system)")
@pytest.mark.parametrize(
    ("words", "ordered"), [("Short.", []), ("a long word " * 700, [("format-sent", "audio")])]
)
def test_an_earlier_letter_asked_for_in_audio_is_read_aloud_where_both_fit_a_mail(
    words: str, ordered: list[tuple[str, str]]
) -> None:
    row = case(folder())
    earlier = write(row, words=words)
    sent()
    with docket(row.pk, now=TUESDAY) as d:
        hand = d.cases[row.pk]
        assert actions.send_in_format(d, hand, HANA, TUESDAY, letter=earlier.key, wanted="audio") is None
    (mail,) = sent()
    files = [part.get_content_type() for part in mail.iter_attachments()]
    assert files == ([] if ordered else ["audio/wav"])
    assert orders(row) == ordered
    said = " ".join(Outgoing.objects.get(letter="format-sent").text.split())
    assert ("It is attached: it begins with this message" in said) is not bool(ordered)
    assert ("Somebody here is making that for you" in said) is bool(ordered)


def test_a_sign_in_link_is_ordered_in_no_format() -> None:
    row = case(provider())
    need(row, "Braille")
    with docket(row.pk, now=TUESDAY) as d:
        link = {"link": "https://amends.example/in/x", "link until": TUESDAY.isoformat()}
        d.write(d.cases[row.pk], "access-link", channel="email", to="ann@example.org", extra=link)
    assert Outgoing.objects.get(letter="access-link").format == ""
    assert orders(row) == []
