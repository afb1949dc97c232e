"""Promises of files that come with a form: limits told before, hostile ones harmless, each on the evidence, all erasable."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from amends.core import facts as f
from amends.desk import ledger, uploads
from amends.desk.attachment import Attachment
from amends.desk.erasure import Erased, erase_private
from amends.desk.evidence import verify
from amends.desk.models import CaseRow, Outgoing, Upload
from amends.desk.opened import read
from tests.desk.made import closed
from tests.desk.office import NOON, Office, clock
from tests.desk.test_portal import COMPLAINT, ONE_PAGE, followed
from tests.desk.visitor import Page, Visitor

PDF = b"%PDF-1.7 a scan"
PHOTO = b"\xff\xd8\xff\xe0 a photo"


def file(name: str, content: bytes, kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def complain(office: Office, visitor: Visitor, *files: SimpleUploadedFile, **other: Any) -> Page:
    """The page after complaining with files."""
    page = visitor.get(office.portal(ONE_PAGE))
    return visitor.press(page, "Send my complaint", **{**COMPLAINT, **other, "enclosed": list(files)})


def kept(row: CaseRow) -> list[tuple[str, bytes]]:
    return [(u.name, bytes(u.content or b"")) for u in Upload.objects.filter(case=row).order_by("pk")]


def contacts(row: CaseRow) -> list[f.ContactReceived]:
    return [x for x in ledger.load([row.pk])[row.pk] if isinstance(x, f.ContactReceived)]


def test_a_complaint_brings_its_files_along(office: Office) -> None:
    jo = Visitor()
    page = jo.get(office.portal(ONE_PAGE))
    assert str(uploads.LIMITS) in page.main, "limits are told before"
    complain(office, jo, file("bill.pdf", PDF), file("my meter.JPG", PHOTO, "text/html"))
    row = CaseRow.objects.get(customer_email="jo@example.com")
    assert kept(row) == [("bill.pdf", PDF), ("my meter.JPG", PHOTO)]
    assert contacts(row)[0].files.splitlines() == [hashlib.sha256(x).hexdigest() for x in (PDF, PHOTO)]
    assert {u.contact for u in Upload.objects.filter(case=row)} == {contacts(row)[0].contact}
    page = office.visitor("handler").get(office.at(f"cases/{row.reference}"))
    assert "my meter.JPG" in page.main
    assert "bill.pdf" in jo.get(office.portal("case")).main
    assert verify().whole


def test_a_form_that_is_sent_twice_keeps_its_files_once(office: Office) -> None:
    jo = Visitor()
    page = jo.get(office.portal(ONE_PAGE))
    for _ in range(2):
        jo.press(page, "Send my complaint", **COMPLAINT, enclosed=[file("bill.pdf", PDF)])
    assert Upload.objects.count() == 1
    jo.press(page, "Send my complaint", **COMPLAINT, enclosed=[file("bill.pdf", PDF + b" and more")])
    assert CaseRow.objects.filter(customer_email="jo@example.com").count() == 2, (
        "with another file it is another"
    )


def test_a_message_on_ones_case_brings_files_too(office: Office) -> None:
    ann, page = followed(office)
    said = {"words": "Here is the letter.", "enclosed": [file("letter.png", b"\x89PNG letter")]}
    ann.press(page, "Send the message", **said)
    ann.press(page, "Send the message", **said)
    assert kept(office.row) == [("letter.png", b"\x89PNG letter")]
    assert "letter.png" in ann.get(office.portal("case")).main
    ann.press(page, "Send the message", **{**said, "enclosed": [file("second page.png", b"\x89PNG second")]})
    assert len(kept(office.row)) == 2, "the same words with another page are another message"


def test_a_letter_is_scanned_in_with_the_day_it_came_and_the_day_it_was_written_down(office: Office) -> None:
    amy = office.visitor("agent")
    page = amy.get(office.at("new-contact"))
    filled = {
        "channel": "letter", "received_0": "2026-10-30", "received_1": "09:15", "words": "The letter of Mrs Cole.",
        "name": "Mrs Cole", "address": "1 High Street\nLarkfield\nLK1 3CD", "prefers": "letter", "complaint": "yes",
        "enclosed": [file("page 1.jpg", PHOTO), file("page 2.jpg", PHOTO + b"2")],
    }  # fmt: skip
    names = {"received_0": "received_day", "received_1": "received_time"}
    filled = {names.get(name, name): value for name, value in filled.items()}
    page = amy.press(page, "Save the contact", **filled)
    assert any("say why it is written down only now" in m for m in page.mistakes)
    assert any("Choose your files again" in m for m in page.mistakes)
    assert page.doc.xpath("//textarea[@name='words']")[0].text.strip() == "The letter of Mrs Cole."
    filled["enclosed"] = [file("page 1.jpg", PHOTO), file("page 2.jpg", PHOTO + b"2")]
    page = amy.press(
        page, "Save the contact", **filled, backdated_why="It lay in the post room over the weekend."
    )
    assert page.status == 200, page.mistakes
    row = CaseRow.objects.get(customer_name="Mrs Cole")
    case = read(row).case
    assert case.contacts[0].at == case.first_received
    assert (case.contacts[0].at.date().isoformat(), case.contacts[0].logged) == ("2026-10-30", NOON)
    assert "It lay in the post room over the weekend." in page.main
    assert "Written down Monday 2 November" in page.main
    assert [name for name, _ in kept(row)] == ["page 1.jpg", "page 2.jpg"]
    assert Outgoing.objects.get(case=row, letter="acknowledgement").channel == "letter"


def test_a_fax_comes_through_the_same_door(office: Office) -> None:
    amy = office.visitor("agent")
    page = amy.press(
        amy.get(office.at("new-contact")), "Save the contact", channel="fax", words="By fax.", name="Mr Dunn",
        address="2 High Street\nLarkfield\nLK1 3CD", complaint="later", enclosed=[file("fax.tiff", b"II*\0fax")],
    )  # fmt: skip
    assert "sent a fax" in page.main
    row = CaseRow.objects.get(customer_name="Mr Dunn")
    assert kept(row) == [("fax.tiff", b"II*\0fax")]
    assert Outgoing.objects.get(case=row, letter="acknowledgement").channel == "letter"


def test_what_is_written_down_the_same_day_needs_no_reason(office: Office) -> None:
    amy = office.visitor("agent")
    page = amy.press(
        amy.get(office.at("new-contact")), "Save the contact", channel="letter", received_time="08:00",
        words="This morning's post.", name="Mrs Cole", complaint="yes",
    )  # fmt: skip
    assert not page.mistakes


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("virus.exe", b"MZ", "cannot take this kind of file"),
        ("page.html", b"<script>", "cannot take this kind of file"),
        ("picture.svg", b"<svg onload=alert(1)>", "cannot take this kind of file"),
        ("scan.pdf", b"MZ\x90 a program by another name", "it is a program"),
        ("scan.jpg", b"#!/bin/sh", "it is a program"),
        ("nothing.pdf", b"", "empty"),
        ("no ending", b"words", "cannot take this kind of file"),
        ("large.pdf", b"%PDF" + b"0" * uploads.LARGEST, "too large"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(
    office: Office, name: str, content: bytes, why: str
) -> None:
    page = complain(office, Visitor(), file(name, content), file("good.pdf", PDF))
    assert page.status == 422
    assert any(why in m for m in page.mistakes), page.mistakes
    assert page.doc.xpath("//textarea[@name='words']")[0].text.strip() == COMPLAINT["words"]
    assert not Upload.objects.exists()
    assert not CaseRow.objects.filter(customer_email="jo@example.com").exists()


def test_too_many_files_and_too_many_bytes_are_refused(office: Office) -> None:
    page = complain(office, Visitor(), *(file(f"{n}.pdf", PDF) for n in range(uploads.MOST + 1)))
    assert any("Send up to 6 at a time" in m for m in page.mistakes)
    third = uploads.TOGETHER // 3 + 10
    page = complain(office, Visitor(), *(file(f"{n}.pdf", b"%PDF" + b"0" * third) for n in range(3)))
    assert any("too large" in m for m in page.mistakes)
    assert not Upload.objects.exists()


def test_beyond_the_limits_nothing_is_kept_even_for_a_moment() -> None:
    capped = uploads.Capped()
    capped.new_file("enclosed", "large.pdf", "application/pdf", None)
    assert capped.receive_data_chunk(b"0" * uploads.LARGEST, 0) is not None
    assert capped.receive_data_chunk(b"0", uploads.LARGEST) is None
    over = capped.file_complete(uploads.LARGEST + 1)
    assert isinstance(over, uploads.TooLarge)
    assert (over.name, over.size) == ("large.pdf", uploads.LARGEST + 1)
    assert over.read() == b""


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.pdf", "C:\\evil\\x.pdf", "a\0b.pdf", "\u202efdp.exe.pdf", "x" * 400 + ".pdf"]
)
def test_a_hostile_name_is_made_safe(name: str) -> None:
    sent = file("x.pdf", PDF)
    vars(sent)["_name"] = name  # what a browser claims, before Django makes a base name of it
    files, wrong = uploads.judge([sent])
    assert not wrong
    assert not set(files[0].name) & set("/\\\0\u202e")
    assert len(files[0].name.encode()) <= 150
    assert files[0].name.endswith(".pdf")


def test_a_file_is_only_ever_a_download(office: Office) -> None:
    complain(office, Visitor(), file("photo.png", b"<script>alert(1)</script>", "text/html"))
    upload = Upload.objects.get()
    assert upload.media_type == "image/png"
    answer = office.visitor("handler").client.get(office.at(f"files/{upload.pk}"))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_erasing_a_case_erases_its_files(office: Office, settings: Settings) -> None:
    complain(office, Visitor(), file("bill.pdf", PDF))
    row = closed(CaseRow.objects.get(customer_email="jo@example.com"), NOON)
    Outgoing.objects.filter(case=row).update(state="sent")
    clock(settings, NOON + timedelta(days=1))
    erased = erase_private(row, why="asked", by="7", now=NOON + timedelta(days=1))
    assert isinstance(erased, Erased)
    assert erased.files == 1
    assert not Upload.objects.exclude(content=None).exists()
    assert verify().whole


def test_the_wish_for_replies_is_kept_and_used(office: Office) -> None:
    address = "3 Mill Lane\nLarkfield\nLK1 2AB"
    complain(office, Visitor(), prefers="letter", address=address)
    row = CaseRow.objects.get(customer_email="jo@example.com")
    case = read(row).case
    assert case.customer.prefers == "letter"
    assert {x.channel for x in case.letters} == {"letter"}
    page = office.visitor("handler").get(office.at(f"cases/{row.reference}"))
    assert page.main.index("Letter: 3 Mill Lane") < page.main.index("Email: jo@example.com")


def test_digests_are_those_of_the_bytes() -> None:
    assert (
        uploads.digests([Attachment("a.pdf", "application/pdf", PDF, inline=False)])
        == hashlib.sha256(PDF).hexdigest()
    )
