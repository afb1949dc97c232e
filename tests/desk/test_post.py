"""What the post promises: letters leave in posting order, on a day that is kept; what comes back goes another way."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from amends.core import facts as f
from amends.core.duties import duties
from amends.desk import actions, batches, documents
from amends.desk.actions import Actor
from amends.desk.batches import as_csv, letters_of, lines, make, printed, waiting
from amends.desk.erasure import Erased, erase_private
from amends.desk.evidence import verify
from amends.desk.models import AuditEntry, CaseRow, Document, Mail, Outgoing, PrintBatch, Provider, Upload
from amends.desk.opened import read
from amends.desk.record import docket
from amends.desk.watch import watch
from tests.desk.made import MONDAY, case, closed, days, london, look, provider, tell
from tests.desk.office import NOON, Office

pytestmark = pytest.mark.django_db

BY = Actor("7", "Hana", "handler")
HOME = "7 Mill Lane\nLarkfield\nLK1 2AB"
WRITES = {"name": "Bo Bell", "address": HOME}
"""A customer who can be reached by post alone."""


def post_case(at: Provider, received: datetime = MONDAY, **known: str) -> CaseRow:
    return case(at, received, {**WRITES, **known}, channel="letter")


def adr_of(row: CaseRow) -> Outgoing:
    return Outgoing.objects.get(case=row, letter="adr-letter")


def fate(row: CaseRow, now: datetime, key: str, what: str, on: date | None = None) -> str:
    """What becomes of a letter, or why it may not be so."""
    with docket(row.pk, now=now) as d:
        refusal = actions.letter_fate(d.cases[row.pk], BY, now, key=key, fate=what, on=on)
    return str(refusal or "")


# --- the last posting day ---------------------------------------------------------------------------------


def test_an_adr_letter_by_post_is_to_be_posted_on_the_last_posting_day_before_its_date() -> None:
    # Received on Sunday 1 November: six weeks later is Sunday 13 December, and nothing is collected from Friday's post on.
    at = provider(mail=Mail.FOLDER)
    row = post_case(at, london("2026-11-01 10:00"))
    friday = london("2026-12-11 00:00")
    assert row.due_hint == friday
    look(row, friday)
    letter = adr_of(row)
    assert (letter.state, letter.post_by) == ("to post", date(2026, 12, 11))
    owed = next(
        d
        for d in duties(read(row).case, read(row).book, friday)
        if d.id.startswith("post:") and "ADR" in d.what
    )
    assert (owed.due, owed.late_after) == (friday, friday + days(1))


def test_where_the_law_alone_names_the_day_the_post_of_the_friday_before_still_counts() -> None:
    """A code without promises: no other date, already past, hides the one on a Sunday."""
    row = post_case(provider("focus-group", mail=Mail.FOLDER), london("2026-11-01 10:00"))
    look(row, london("2026-12-11 00:00"))
    assert adr_of(row).post_by == date(2026, 12, 11)


def test_a_letter_by_post_that_keeps_no_date_goes_with_the_next_collection() -> None:
    at = provider(mail=Mail.FOLDER)
    row = post_case(at)
    christmas_eve = london("2026-12-24 16:00")
    with docket(row.pk, now=christmas_eve) as d:
        assert actions.agree_time(
            d, d.cases[row.pk], BY, christmas_eve, starts=london("2027-01-04 10:00"), ends=london("2027-01-04 11:00")
        ) is None  # fmt: skip
    # Christmas Day is a Friday; Boxing Day is kept on Monday.
    assert Outgoing.objects.get(case=row, letter="contact-time").post_by == date(2026, 12, 29)


# --- posting order, and batches ------------------------------------------------------------------------------


def test_letters_of_the_law_stand_first_and_then_each_by_its_last_posting_day() -> None:
    at = provider(mail=Mail.FOLDER)
    early = post_case(at, london("2026-11-03 10:00"), name="Early")
    late = post_case(at, london("2026-11-04 10:00"), name="Late")
    day = london("2026-12-16 00:00")
    for row in (late, early):
        look(row, day)
    Outgoing.objects.filter(case=late, letter="adr-letter").update(post_by=date(2026, 12, 17))
    order = [(o.letter, o.case_id) for o in waiting(at.pk)]
    assert order == [
        ("adr-letter", early.pk), ("adr-letter", late.pk), ("acknowledgement", early.pk), ("acknowledgement", late.pk),
    ]  # fmt: skip


def test_a_batch_is_one_pdf_with_its_list_and_the_same_bytes_when_printed_again() -> None:
    at = provider(mail=Mail.FOLDER)
    for name in ("Ada", "Bo", "=cmd|'/c calc'!A1"):
        post_case(at, name=name)
    batch = make(at, BY, MONDAY)
    assert batch is not None
    again = printed(batch)
    assert again.same
    assert hashlib.sha256(again.content).hexdigest() == batch.sha256
    pages = PdfReader(io.BytesIO(again.content)).pages
    assert len(pages) == batch.pages == 1 + sum(x.pages for x in letters_of(batch))
    assert "Print batch 1" in pages[0].extract_text()
    assert "LK1 2AB" in pages[0].extract_text()
    rows = list(csv.DictReader(io.StringIO(as_csv(batch).decode("utf-8-sig"))))
    assert [(r["Place"], r["Post by"], r["Postcode"], r["Format"]) for r in rows] == [
        (str(n), "2026-11-04", "LK1 2AB", "standard") for n in (1, 2, 3)
    ]
    assert rows[2]["Name"].startswith("'="), "a spreadsheet would run it"
    assert make(at, BY, MONDAY) is None, "a letter is in one batch only"
    assert AuditEntry.objects.get(what="print batch made").detail["letters"] == 3


def test_printed_on_both_sides_every_letter_begins_on_a_sheet_of_its_own() -> None:
    at = provider(mail=Mail.FOLDER)
    for _ in range(3):
        post_case(at)
    batch = make(at, BY, MONDAY, both_sides=True)
    assert batch is not None
    pages = PdfReader(io.BytesIO(printed(batch).content)).pages
    begins = [n for n, page in enumerate(pages) if "Dear Bo Bell" in page.extract_text()]
    assert len(begins) == 3
    assert all(n % 2 == 0 for n in begins)


def test_what_was_erased_is_no_longer_printed_with_its_batch() -> None:
    at = provider(mail=Mail.FOLDER)
    gone, stays = post_case(at, name="Gone Away"), post_case(at, name="Stays Here")
    batch = make(at, BY, MONDAY)
    assert batch is not None
    key = Outgoing.objects.get(case=gone).key
    assert fate(gone, MONDAY, key, "posted") == ""
    assert isinstance(
        erase_private(closed(gone, MONDAY + days(1)), why="asked", by="7", now=MONDAY + days(2)), Erased
    )
    again = printed(batch)
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(again.content)).pages)
    assert not again.same
    assert "Gone Away" not in words
    assert "Stays Here" in words
    assert [line.name for line in lines(letters_of(batch))] == ["", "Stays Here"]
    assert stays.reference in words


def test_a_whole_batch_is_posted_on_a_day_with_its_certificate() -> None:
    at = provider(mail=Mail.FOLDER)
    rows = [post_case(at) for _ in range(25)]
    batch = make(at, BY, MONDAY)
    assert batch is not None
    keys = {x.outgoing.key: x.outgoing.case_id for x in letters_of(batch)}
    tuesday, friday = date(2026, 11, 3), london("2026-11-06 09:00")
    count, refused = batches.posted(keys, date(2026, 11, 1), "", BY, friday)
    assert (count, len(refused)) == (0, 25)
    assert {str(each).partition(": The letter had not been written by that day")[0] for each in refused} == {
        row.reference for row in CaseRow.objects.filter(pk__in=keys.values())
    }, "of many letters each refusal names its own"
    assert batches.posted(keys, tuesday, "RM 1234", BY, friday) == (25, ())
    assert batches.posted(keys, tuesday, "RM 1234", BY, friday) == (0, ()), "twice is once"
    letter = read(CaseRow.objects.get(pk=rows[0].pk)).case.letters[0]
    assert (letter.fate, letter.fate_at, letter.proofs) == (
        "posted",
        london("2026-11-03 17:30"),
        ("RM 1234",),
    )
    assert verify().faults == []


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (date(2026, 11, 4), "still to come"),
        (date(2026, 11, 1), "had not been written by that day (A-evidence). Give Monday 2 November 2026"),
    ],
)
def test_a_letter_is_posted_neither_in_the_future_nor_before_it_was_written(on: date, why: str) -> None:
    row = post_case(provider(mail=Mail.FOLDER))
    key = Outgoing.objects.get(case=row).key
    assert why in fate(row, MONDAY + days(1), key, "posted", on)
    assert Outgoing.objects.get(case=row).state == "to post"


def test_an_email_is_neither_posted_nor_brought_back_by_the_post() -> None:
    row = case(provider(mail=Mail.FOLDER))
    key = Outgoing.objects.get(case=row).key
    assert "does not go by post" in fate(row, MONDAY, key, "posted")
    assert "does not go by post" in fate(row, MONDAY, key, "returned")


# --- what comes back --------------------------------------------------------------------------------------------


def test_an_adr_letter_that_comes_back_by_post_goes_by_email_and_says_so() -> None:
    at = provider(mail=Mail.FOLDER)
    row = post_case(at, email="bo@example.org")
    look(row, london("2026-12-14 00:00"))
    first = adr_of(row)
    assert first.channel == "letter"
    assert fate(row, london("2026-12-14 16:00"), first.key, "posted") == ""
    back = london("2026-12-21 09:00")
    with docket(row.pk, now=back) as d:
        assert (
            actions.returned(d.cases[row.pk], BY, back, key=first.key, reason="no longer at this address")
            is None
        )
    again = Outgoing.objects.filter(case=row, letter="adr-letter").order_by("pk")[1]
    assert (again.channel, again.to) == ("email", "bo@example.org")
    said = " ".join(again.text.split())
    assert "We first wrote this to you by post on Monday 14 December 2026. It did not reach you" in said
    decided = read(CaseRow.objects.get(pk=row.pk)).case.letters[-1]
    assert decided.instead_of == first.key
    assert f"by email, because {first.key} by letter came back" in decided.why


def test_an_acknowledgement_that_bounces_goes_by_post_with_a_posting_day() -> None:
    row = case(
        provider(mail=Mail.FOLDER), MONDAY, {"name": "Ann", "email": "ann@example.org", "address": HOME}
    )
    key = Outgoing.objects.get(case=row).key
    tell(row, MONDAY + days(0.1), f.LetterFate, key=key, fate="bounced")
    second = Outgoing.objects.filter(case=row).order_by("pk")[1]
    assert (second.channel, second.state, second.post_by) == ("letter", "to post", date(2026, 11, 4))
    assert "by email on Monday 2 November 2026. It did not reach you" in second.text.replace("\n", " ")


def test_where_no_other_way_is_known_an_alarm_and_a_duty_stand_until_there_is_one() -> None:
    row = post_case(provider(mail=Mail.FOLDER, scheme="cisas"))
    key = Outgoing.objects.get(case=row).key
    fate(row, MONDAY, key, "posted")
    friday = london("2026-11-06 09:00")
    assert fate(row, friday, key, "returned") == ""
    book, owed = read(row).book, read(CaseRow.objects.get(pk=row.pk)).case
    assert "Find a way to reach the customer" in {
        d.what.partition(":")[0] for d in duties(owed, book, friday)
    }
    assert watch(friday) >= 1
    # A new postal address is a new way, although the letter was lost by post.
    tell(row, friday, f.CustomerKnown, address="1 New Street\nLarkfield\nLK1 9ZZ")
    again = Outgoing.objects.filter(case=row).order_by("pk")[1]
    assert (again.channel, "1 New Street" in again.to) == ("letter", True)


def test_an_address_that_is_written_down_again_as_it_was_is_no_new_way() -> None:
    """Browsers end lines with two characters: a form that was saved with an email sent the letter to the dead address."""
    row = post_case(provider(mail=Mail.FOLDER, scheme="cisas"))
    key = Outgoing.objects.get(case=row).key
    fate(row, MONDAY, key, "posted")
    friday = london("2026-11-06 09:00")
    assert fate(row, friday, key, "returned") == ""
    same = HOME.replace("\n", "\r\n") + " "
    assert "\r\n" in same
    tell(row, friday, f.CustomerKnown, address=same)
    assert Outgoing.objects.filter(case=row).count() == 1
    tell(row, friday, f.CustomerKnown, address=same, email="bo@example.org")
    again = Outgoing.objects.filter(case=row).order_by("pk")[1]
    assert (again.channel, again.to) == ("email", "bo@example.org")


def test_another_letter_that_came_back_is_sent_again_in_the_same_words_another_way() -> None:
    row = post_case(provider(mail=Mail.FOLDER))
    with docket(row.pk, now=MONDAY) as d:
        assert (
            actions.write(d, d.cases[row.pk], BY, MONDAY, purpose="reply", words="We fixed it on Sunday.")
            is None
        )
    first = Outgoing.objects.get(case=row, letter="reply")
    fate(row, MONDAY, first.key, "posted")
    friday = london("2026-11-06 09:00")
    fate(row, friday, first.key, "returned")
    book = read(row).book
    look_ = next(
        d for d in duties(read(CaseRow.objects.get(pk=row.pk)).case, book, friday) if d.id.startswith("look:")
    )
    assert "Find another way to reach the customer" in look_.what
    tell(row, friday, f.CustomerKnown, email="bo@example.org")
    with docket(row.pk, now=friday) as d:
        assert actions.send_again(d, d.cases[row.pk], BY, friday, key=first.key) is None
    second = Outgoing.objects.filter(case=row, letter="reply").order_by("pk")[1]
    assert (second.words, second.channel) == (first.words, "email")
    now = read(CaseRow.objects.get(pk=row.pk)).case
    assert not [d for d in duties(now, book, friday) if d.id.startswith("look:")]


def test_a_lost_letter_is_in_trouble_until_another_goes_in_its_place(office: Office) -> None:
    row, mia = post_case(office.provider), office.visitor("manager")
    with docket(row.pk, now=NOON) as d:
        assert actions.write(d, d.cases[row.pk], BY, NOON, purpose="reply", words="We fixed it.") is None
    lost = Outgoing.objects.get(case=row, letter="reply")
    fate(row, NOON, lost.key, "posted")
    fate(row, NOON, lost.key, "returned")
    assert f"letters/read/{lost.key}" in str(mia.get(office.at("letters?state=trouble")).links)
    assert "A letter did not arrive" in mia.get(office.at("")).main
    later = NOON + days(0.1)
    tell(row, later, f.CustomerKnown, email="bo@example.org")
    with docket(row.pk, now=later) as d:
        assert actions.send_again(d, d.cases[row.pk], BY, later, key=lost.key) is None
    instead = Outgoing.objects.filter(case=row, letter="reply").latest("pk")
    assert f"letters/read/{lost.key}" not in str(mia.get(office.at("letters?state=trouble")).links)
    assert "A letter did not arrive" not in mia.get(office.at("")).main
    page = mia.get(office.at(f"letters/read/{lost.key}"))
    assert "A later letter of this kind was written" in page.main
    assert f"letters/read/{instead.key}" in str(page.links)
    # The other is lost as well: both wait for somebody, until one arrives.
    tell(row, later, f.LetterFate, key=instead.key, fate="bounced")
    assert f"letters/read/{lost.key}" in str(mia.get(office.at("letters?state=trouble")).links)


def test_after_a_bounce_other_letters_go_the_way_that_works() -> None:
    row = case(
        provider(mail=Mail.FOLDER), MONDAY, {"name": "Ann", "email": "ann@example.org", "address": HOME}
    )
    tell(row, MONDAY, f.LetterFate, key=Outgoing.objects.get(case=row).key, fate="bounced")
    with docket(row.pk, now=MONDAY) as d:
        assert actions.write(d, d.cases[row.pk], BY, MONDAY, purpose="update", words="Still at it.") is None
    assert Outgoing.objects.get(case=row, letter="update").channel == "letter"


# --- at the desk ------------------------------------------------------------------------------------------------


def test_a_person_makes_a_batch_prints_it_posts_it_and_keeps_its_proof(office: Office) -> None:
    row = post_case(office.provider)
    agent = office.visitor("agent")
    page = agent.get(office.at("letters?state=post"))
    assert "Post by" in page.main
    page = agent.press(page, "Make a batch of what waits")
    assert page.h1 == "Print batch 1"
    assert "Bo Bell, LK1 2AB" in page.main
    assert agent.get(office.at("letters/batches/1/pdf")).content[:5] == b"%PDF-"
    assert agent.get(office.at("letters/batches/1/csv")).content.startswith(b"\xef\xbb\xbfPlace,Post by")
    page = agent.press(page, "The ticked ones were posted", on="2026-11-03")
    assert "still to come" in page.words
    page = agent.press(page, "The ticked ones were posted", on="2026-11-02", certificate="RM 77")
    assert "1 letter is marked as posted." in page.words
    assert "No letter of this batch waits" in page.main
    assert "Proof of posting, certificate RM 77" in agent.get(office.at(f"cases/{row.reference}")).main


PNG = b"\x89PNG\r\n\x1a\n" + b"receipt"


def test_a_picture_of_the_receipt_stands_on_the_case_and_in_the_evidence(office: Office) -> None:
    row = post_case(office.provider)
    key = Outgoing.objects.get(case=row).key
    fate(row, NOON, key, "posted")
    hana, at = office.visitor(), office.at(f"cases/{row.reference}/prove-posting")
    page = hana.get(at)
    assert "multipart/form-data" in page.content.decode()
    token = {"csrfmiddlewaretoken": hana.client.cookies["csrftoken"].value, "key": key}
    wrong = hana.client.post(at, {**token, "picture": SimpleUploadedFile("r.png", b"<svg onload=alert(1)>")})
    assert "That is no PNG, JPEG or PDF" in wrong.content.decode()
    right = hana.client.post(at, {**token, "picture": SimpleUploadedFile("receipt.png", PNG)}, follow=True)
    assert "receipt.png" in right.content.decode()
    file = Upload.objects.get(case=row)
    assert bytes(file.content or b"") == PNG
    assert verify().faults == []
    Upload.objects.update(content=b"another", sha256=hashlib.sha256(b"another").hexdigest())
    assert verify().faults


def test_what_came_back_is_recorded_with_what_the_post_wrote(office: Office) -> None:
    row = post_case(office.provider)
    fate(row, NOON, Outgoing.objects.get(case=row).key, "posted")
    agent = office.visitor("agent")
    at = office.at(f"cases/{row.reference}/came-back")
    page = agent.press(agent.get(at), "It came back", reason="refused", on="2026-11-02", words="a sticker")
    assert "recorded as returned" in page.words
    assert "the post brought it back: refused: a sticker" in page.main
    assert "Find a way to reach the customer" in page.main


def test_a_batch_of_another_provider_is_none(office: Office) -> None:
    other = provider("opus", mail=Mail.FOLDER)
    post_case(other)
    assert make(other, BY, NOON) is not None
    assert PrintBatch.objects.count() == 1
    assert office.visitor().get(office.at("letters/batches/1")).status == 404


def test_two_who_press_at_one_moment_print_no_letter_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have chosen the same letters; while the documents of one are made, the other has a batch of them."""
    at = provider(mail=Mail.FOLDER)
    for _ in range(2):
        post_case(at)
    made: list[PrintBatch] = []
    print_it = documents.to_print

    def meanwhile(letter: Outgoing) -> Document:
        if not made:
            made.append(PrintBatch())
            other = make(at, Actor("8", "Dev", "handler"), MONDAY)
            assert other is not None
            made.append(other)
        return print_it(letter)

    monkeypatch.setattr(documents, "to_print", meanwhile)
    assert make(at, BY, MONDAY) is None
    assert len(letters_of(made[1])) == 2
    assert PrintBatch.objects.count() == 1
