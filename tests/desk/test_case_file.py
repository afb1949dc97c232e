"""Promises of the case file for a scheme: what it holds, what is left out and why, its checksums, who may take it away."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tempfile
import tracemalloc
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from zipfile import ZipFile

import pytest

from amends.core import facts as f
from amends.core.duties import duties
from amends.core.may import Refusal
from amends.desk import actions, documents, merging
from amends.desk.attachment import Attachment
from amends.desk.case_files import making, zipped
from amends.desk.case_files.pieces import Paper, Source, safe_name
from amends.desk.documents import KEPT_BACK
from amends.desk.erasure import Erased, erase_private
from amends.desk.evidence import verify
from amends.desk.houses import access_code
from amends.desk.models import (
    AuditEntry,
    CaseFileRow,
    Document,
    KeptMessage,
    Outgoing,
    PrivateWords,
    Upload,
)
from amends.desk.opened import read
from amends.desk.record import docket
from amends.desk.story import LETTER_TITLES
from amends.desk.typeset import MadePdf
from tests.desk.made import case, london, tell
from tests.desk.mails import answer_to, mail, take
from tests.desk.office import NOON, Office, clock
from tests.desk.test_documents import check, text
from tests.desk.visitor import Page

pytestmark = pytest.mark.django_db
HANA = actions.Actor("7", "Hana", "handler")


@pytest.fixture
def office(settings: object) -> Office:
    """An office at whose case a scheme is."""
    office = Office()
    clock(settings, NOON)  # type: ignore[arg-type]  # the fixture of pytest-django
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        assert actions.refer(hand, HANA, NOON, scheme="cisas", at=NOON, number="CISAS-77") is None
    return office


SECRET = "Secret: the neighbour's name is Mr Smith."
HOSTILE = "../../etc/pass\u202ewd=cmd|' /C calc'!A0.txt"


def filled(office: Office) -> None:
    """A hostile file came, and a note was written."""
    file = Attachment(HOSTILE, "text/plain", b"Proof of it.", inline=False)
    new = actions.NewContact("letter", NOON, "See what I enclose.", files=(file,))
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        actions.add_contact(hand, new, HANA, NOON)
        assert actions.note(hand, HANA, NOON, words=SECRET) is None


def made(office: Office) -> CaseFileRow:
    """A file is made with the boxes as they are ticked before anybody has looked."""
    visitor = office.visitor("handler")
    visitor.press(
        visitor.get(office.case_at("case-file")), "Make the case file", words="We will refund more."
    )
    return CaseFileRow.objects.get()


def words_of(row: CaseFileRow) -> str:
    """The words of its PDF on one line."""
    content = bytes(row.pdf.content)
    return " ".join(text(MadePdf(content, row.pdf.sha256, ())).split())


def zip_of(office: Office, number: int = 1) -> ZipFile:
    """The zip as somebody takes it away."""
    answer = office.visitor("handler").client.get(office.case_at(f"case-file/{number}/zip"))
    assert answer.status_code == 200
    return ZipFile(io.BytesIO(answer.getvalue()))


def test_the_file_is_tagged_and_holds_cover_dates_timeline_words_letters_and_documents(
    office: Office,
) -> None:
    filled(office)
    row = made(office)
    said = words_of(row)
    whole = MadePdf(bytes(row.pdf.content), row.pdf.sha256, ())
    tags = check(whole, f"Your case CISAS-77: our case file, our reference {office.row.reference}")
    assert {"H1", "H2", "H3", "Table", "TOC"} <= set(tags)
    for words in (
        "Your case CISAS-77: our case file", "We will refund more.", "within 20 working days", "1. Documents",
        "2. Dates, and why", "3. Timeline", "It is down again.", "See what I enclose.", "5. Our letters, as they left",
        "Subject: Your complaint", "7. What is left out, and why",
    ):  # fmt: skip
        assert words in said, words
    assert "Mr Smith" not in said, "a note is left out unless somebody lets it in"
    assert "a note: an internal note of ours." in said, "and it is marked with its reason"


def test_every_document_goes_with_its_checksum_and_no_name_leads_out_of_the_folder(office: Office) -> None:
    filled(office)
    row = made(office)
    held = zip_of(office)
    lines = [line.split("  ", 1) for line in held.read(zipped.SUMS).decode().splitlines()]
    sums = {name: digest for digest, name in lines}
    assert set(held.namelist()) == {*sums, zipped.SUMS}
    for name, digest in sums.items():
        assert hashlib.sha256(held.read(name)).hexdigest() == digest
        assert re.fullmatch(r"(documents/)?[A-Za-z0-9][A-Za-z0-9._-]*", name), name
    assert held.read(zipped.PDF) == bytes(row.pdf.content)
    rows = list(csv.DictReader(io.StringIO(held.read(zipped.LIST).decode("utf-8-sig"))))
    ours = next(x for x in rows if x["Bytes"] == "12")
    assert held.read(ours["In this zip"]) == b"Proof of it."
    assert "\u202e" not in held.read(zipped.LIST).decode()
    assert zip_of(office).fp.read() == zip_of(office).fp.read()  # type: ignore[union-attr]  # it is open


def test_what_is_left_out_takes_its_documents_with_it_and_says_so(office: Office) -> None:
    filled(office)
    visitor = office.visitor("handler")
    page = visitor.get(office.case_at("case-file"))
    boxes = [x for x in page.doc.xpath("//input[@name='out']/@value") if x.startswith("third_party/upload:")]
    visitor.press(page, "Make the case file", out=[boxes[0], "rubbish", "x/y"])
    row = CaseFileRow.objects.get()
    assert row.left_out == 1
    assert "private to somebody who is not part of this complaint" in words_of(row)
    assert "Mr Smith" in words_of(row), "nobody ticked the note this time"
    assert not any("calc" in name for name in zip_of(office).namelist())
    assert "calc" not in str(row.papers), "nor is it named"


def test_the_fact_the_audit_and_the_duties_follow_the_file(office: Office) -> None:
    def owed() -> dict[str, str]:
        return {d.id: str(d.action) for d in duties(office.case(), read(office.row).book, NOON)}

    assert owed()["case-file"] == "make the case file"
    assert owed()["file-due"] == "say by when the case file is due"
    office.do("case-file-due", "Save", day="2026-11-16", words="Its letter of today.")
    due = next(d for d in duties(office.case(), read(office.row).book, NOON) if d.id == "case-file")
    assert (due.due, due.late_after) == (london("2026-11-16"), london("2026-11-17"))
    made(office)
    assert owed()["case-file"] == "send the case file"
    assert "file-due" not in owed()
    page = office.do("case-file-sent", "Write it down", number="1", day="2026-11-02", how="Uploaded.")
    assert "when the file went" in page.words
    assert "case-file" not in owed()
    assert office.case().case_files[0].sent is not None
    zip_of(office)
    kept = AuditEntry.objects.filter(what__startswith="case file").order_by("pk")
    assert [(x.what, x.detail["file"]) for x in kept] == [("case file made", 1), ("case file taken away", 1)]
    assert verify().whole


def test_a_case_that_moved_while_somebody_chose_gets_no_file(office: Office) -> None:
    visitor = office.visitor("handler")
    page = visitor.get(office.case_at("case-file"))
    filled(office)
    answer = visitor.press(page, "Make the case file")
    assert answer.status == 422
    assert "has moved" in answer.words
    assert "See what I enclose." in answer.words, "what is new stands below"
    assert not CaseFileRow.objects.exists()
    assert not Document.objects.filter(format="case-file").exists()


def test_no_file_is_made_where_no_scheme_has_the_dispute() -> None:
    office = Office()
    page = office.visitor("handler").get(office.case_at("case-file"))
    assert "No scheme has it" in page.words
    assert not [b for b in page.doc.xpath("//main//button") if "case file" in b.text_content()]
    opened = read(office.fresh())
    refused = making.make(
        opened.row, opened.case, opened.book, len(opened.facts), [], {}, "", by=HANA, now=NOON
    )
    assert isinstance(refused, Refusal)
    assert not CaseFileRow.objects.exists()


def test_a_case_at_a_scheme_is_not_erased_and_after_the_decision_erasing_reaches_the_file(
    office: Office,
) -> None:
    filled(office)
    made(office)
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        for letter in hand.case.letters:
            hand.add(f.LetterFate(at=NOON, logged=NOON, key=letter.key, fate="sent"))
        hand.add(f.CaseClosed(at=NOON, logged=NOON, evidence="not a complaint"))
    refused = erase_private(office.fresh(), why="asked", by="7", now=NOON)
    assert isinstance(refused, Refusal), "the scheme still waits for the file"
    assert office.visitor("handler").client.get(office.case_at("case-file/1/pdf")).status_code == 200
    with docket(office.row.pk, now=NOON) as d:
        d.cases[office.row.pk].add(f.SchemeDecided(at=NOON, logged=NOON, outcome="for us"))
    Outgoing.objects.filter(case=office.row).update(state="sent")
    erased = erase_private(office.fresh(), why="asked", by="7", now=NOON)
    assert isinstance(erased, Erased), erased
    for kind in ("pdf", "zip"):
        answer = office.visitor("handler").client.get(office.case_at(f"case-file/1/{kind}"))
        assert answer.status_code == 404
    assert CaseFileRow.objects.get().papers == []


def test_a_document_that_is_no_longer_what_it_was_goes_out_with_no_file(office: Office) -> None:
    filled(office)
    made(office)
    Upload.objects.filter(case=office.row).update(content=b"Something else.")
    assert office.visitor("handler").client.get(office.case_at("case-file/1/zip")).status_code == 404


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc-passwd"), ("CON.txt", "CON.txt"), ("a\u202egpj.exe", "agpj.exe"), ("", "file"),
        ("  . ", "file"), ("Übersicht März.pdf", "Ubersicht-Marz.pdf"), ("x" * 500 + ".pdf", "x" * 60 + ".pdf"),
        ("=cmd|'/C calc'!A0", "cmd-C-calc-A0"), ("😀.png", "file.png"),
    ],
)  # fmt: skip
def test_names_of_strangers_become_plain(name: str, safe: str) -> None:
    assert safe_name(Paper(Source.UPLOAD, "1", "File", NOON, name)) == safe


def test_five_hundred_documents_need_the_memory_of_one(office: Office) -> None:
    a_megabyte = bytes(1_000_000)
    for number in range(40):
        Upload.objects.create(
            provider=office.provider, case=office.row, contact="first", name=f"{number}.bin", media_type="x/y",
            content=a_megabyte, sha256="", at=NOON,
        )  # fmt: skip
    Upload.objects.bulk_create(
        Upload(
            provider=office.provider, case=office.row, contact="first", name=f"{number}.txt", media_type="x/y",
            content=b"word", sha256="", at=NOON,
        )
        for number in range(460)
    )  # fmt: skip
    tracemalloc.start()
    row = made(office)
    with tempfile.TemporaryFile() as into:
        zipped.write(row, into)
        into.seek(0)
        assert len(ZipFile(into).namelist()) >= 503
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 30_000_000, f"{most:,} bytes at most, and the documents are 40 million"


# --- What is left out is nowhere -------------------------------------------------------------------------------------


OUTCOME = f"{LETTER_TITLES['outcome']}, by email"


def box(page: Page, of: str, reason: str = "third_party") -> str:
    """The box by which the entry that shows these words is left out."""
    story = "//ol[contains(concat(' ', @class, ' '), ' story ')]"
    found = page.doc.xpath(f"{story}/li[contains(., '{of}')]//input[@name='out']/@value")
    return str(next(x for x in found if x.startswith(f"{reason}/piece:")))


def everything(office: Office, row: CaseFileRow) -> str:
    """The words of the file's PDF, and of every PDF in its zip."""
    held = zip_of(office, row.number)
    pdfs = [held.read(name) for name in held.namelist() if name.endswith(".pdf")]
    return " ".join(" ".join(text(MadePdf(x, "", ())).split()) for x in pdfs)


def test_the_cover_quotes_nothing_that_is_left_out(office: Office) -> None:
    office.proposed()
    visitor = office.visitor("handler")
    page = visitor.get(office.case_at("case-file"))
    visitor.press(
        page, "Make the case file", out=[box(page, "It is down again."), box(page, OUTCOME, "advice")]
    )
    said = everything(office, CaseFileRow.objects.get())
    assert "It is down again." not in said
    assert "We refund the month." not in said
    assert "Left out: private to somebody who is not part of this complaint." in said
    assert "Left out: legal advice to us." in said
    visitor.press(visitor.get(office.case_at("case-file")), "Make the case file")
    said = everything(office, CaseFileRow.objects.get(number=2))
    assert "It is down again." in said, "it stands where nobody left it out"
    assert "We refund the month." in said


def test_the_scheme_is_not_handed_the_code_that_opens_the_case_to_its_customer(office: Office) -> None:
    made(office)
    row = CaseFileRow.objects.get()
    code = access_code(office.fresh())
    letter = Outgoing.objects.get(case=office.row)
    assert code in letter.text
    said = everything(office, row)
    assert code not in said
    assert KEPT_BACK in said
    assert code in " ".join(text(MadePdf(bytes(documents.pdf(letter).content), "", ())).split())


@pytest.mark.parametrize("transfer", ["7bit", "quoted-printable", "base64"])
def test_nor_a_mail_that_quotes_it(office: Office, transfer: str) -> None:
    """Ann answers above our whole letter, in text and in HTML, and says her code once more in small letters."""
    code = access_code(office.row)
    answer = EmailMessage()
    answer["From"], answer["To"] = "Ann <ann@example.org>", answer_to(office.row)
    answer["Subject"], answer["Message-ID"] = "Re: your letter", "<quoting@example.org>"
    words = f"It is down again, and {code.lower()} opens nothing.\n\nOn 2 November you wrote:\n> Access code: {code}\n"
    answer.set_content(words, cte=transfer)
    answer.add_alternative(f"<p>Again.</p><th>Access code</th>\n<td><b>{code}</b></td>", "html", cte=transfer)
    take(office.provider, answer.as_bytes(policy=SMTP), NOON)
    row = made(office)
    held = zip_of(office)
    (mail,) = (held.read(name) for name in held.namelist() if name.endswith(".eml"))
    read = message_from_bytes(mail, policy=SMTP)
    told = " ".join(part.get_content() for part in read.walk() if part.get_content_maintype() == "text")
    assert "It is down again" in told
    assert told.count(KEPT_BACK) == 3
    assert code.casefold() not in told.casefold()
    assert mail.partition(b"\r\n\r\n")[0] == answer.as_bytes(policy=SMTP).partition(b"\r\n\r\n")[0]
    assert code.casefold() not in words_of(row).casefold()
    kept = bytes(KeptMessage.objects.get().raw)
    assert kept == answer.as_bytes(policy=SMTP), "what came stays as it came"
    _says_what_was_taken_out(office, row, held, code)


WHY = "the access code, for it opens the case to the customer alone"


def _says_what_was_taken_out(office: Office, row: CaseFileRow, held: ZipFile, code: str) -> None:
    """The list of documents, the last part of the PDF and the page say what kind of thing is out, and why."""
    listed = list(csv.DictReader(io.StringIO(held.read(zipped.LIST).decode("utf-8-sig"))))
    out_of = {x["What"]: x["Left out of it"] for x in listed}
    assert set(out_of.values()) == {WHY}, out_of
    assert len(out_of) == 2, "her mail and our letter"
    contents, last = (words_of(row).split("7. What is left out, and why")[n] for n in (1, -1))
    assert f"(left out of it: {WHY})" in contents
    first, second = (x["Number"] for x in listed)
    assert f"Out of documents {first} and {second}: {WHY}." in last
    assert "Out of the words of Monday 2 November 2026" in last
    assert "a message or call from the customer: the access code" in last
    page = office.visitor("handler").get(office.case_at("case-file"))
    [shown] = page.doc.xpath(
        "//details[starts-with(normalize-space(summary), 'What is left out, and why')]//ul"
    )
    assert [" ".join(li.text_content().split()) for li in shown] == row.out
    assert sum(WHY in line for line in row.out) == 2
    assert code.casefold() not in page.words.partition("Make a file")[0].casefold()


def test_a_mail_that_quotes_no_code_goes_byte_for_byte(office: Office) -> None:
    sent = mail("The access code required STRANGER things of me.", to=answer_to(office.row))
    take(office.provider, sent, NOON)
    made(office)
    held = zip_of(office)
    (found,) = (held.read(name) for name in held.namelist() if name.endswith(".eml"))
    assert found == bytes(KeptMessage.objects.get().raw)
    [line] = CaseFileRow.objects.get().out
    assert line == f"Out of document 1: {WHY}.", "our own letter has one, and her mail has none"


def test_a_letter_that_is_left_out_does_not_go_within_another_that_encloses_it(office: Office) -> None:
    office.proposed()
    letter = Outgoing.objects.get(case=office.row, letter="outcome")
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        hand.add(f.LetterFate(at=NOON, logged=NOON, key=letter.key, fate="sent"))
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        assert actions.send_in_format(d, hand, HANA, NOON, letter=letter.key, wanted="large print") is None
    visitor = office.visitor("handler")
    page = visitor.get(office.case_at("case-file"))
    visitor.press(page, "Make the case file", out=[box(page, OUTCOME)])
    assert "We refund the month." not in everything(office, CaseFileRow.objects.get())


def test_words_that_are_erased_while_a_file_is_made_do_not_live_on_in_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = read(office.fresh())
    story: making.Story = [(NOON.date(), [])]
    print_it = making.printed

    def erased_meanwhile(*given: object) -> object:
        pdf = print_it(*given)  # type: ignore[arg-type]  # handed on as it came
        PrivateWords.objects.filter(case=office.row).update(words=None, salt="", erased_at=NOON)
        return pdf

    monkeypatch.setattr(making, "printed", erased_meanwhile)
    done = making.make(there.row, there.case, there.book, len(there.facts), story, {}, "", by=HANA, now=NOON)
    assert isinstance(done, Refusal)
    assert "has moved" in done.what
    assert not Document.objects.filter(format="case-file").exists()


def test_boxes_are_not_taken_for_others_when_a_case_that_goes_on_here_has_moved(office: Office) -> None:
    other = case(office.provider, NOON, contact="other", words="The neighbour did it.")
    tell(other, NOON, f.ComplaintDecided, contact="other", complaint=True)
    with docket(office.row.pk, other.pk, now=NOON) as d:
        one, ends = d.cases[office.row.pk], d.cases[other.pk]
        assert merging.merge(d, one, ends, HANA, NOON, why="one fault") is None
    visitor = office.visitor("handler")
    page = visitor.get(office.case_at("case-file"))
    tell(other, london("2026-11-01 09:00"), f.NoteAdded, words="Found in a drawer.", note="n1")
    answer = visitor.press(page, "Make the case file")
    assert answer.status == 422
    assert not CaseFileRow.objects.exists()


def test_what_we_want_to_learn_stays_among_us_unless_somebody_lets_it_out(office: Office) -> None:
    tell(office.row, NOON, f.LessonNoted, lesson=1, cause="billing", words="Stop charging twice.")
    made(office)
    assert "Stop charging twice." not in everything(office, CaseFileRow.objects.get())


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("pdf", "the PDF is another than the one that was made"),
        ("papers", "the list of its documents is another than the one that was made"),
        ("gone", "the case file that a fact names is missing"),
        ("slipped in", "no fact says that it was made"),
    ],
)
def test_verify_compares_a_case_file_with_the_fact_that_made_it(
    office: Office, change: str, found: str
) -> None:
    """A PDF put in the place of another, with a digest of its own that fits, is found by the fact's."""
    row = made(office)
    assert verify().whole, verify().faults
    if change == "pdf":
        other = b"%PDF-1.7 another"
        Document.objects.filter(pk=row.pdf_id).update(content=other, sha256=hashlib.sha256(other).hexdigest())
    elif change == "papers":
        CaseFileRow.objects.filter(pk=row.pk).update(papers=[])
    elif change == "gone":
        CaseFileRow.objects.filter(pk=row.pk).delete()
    else:
        row.pk, row.number = None, 7
        row.save(force_insert=True)
    assert found in [fault.what for fault in verify().faults]
