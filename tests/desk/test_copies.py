"""A copy of the code for whoever asks: from the portal, a call or a case, in any format, owed from the day they asked.

R-04, O-copy, I-copy, L-copy; Opus and Infinity name no time, the example promises three working days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from io import BytesIO
from typing import Any

import page as pages
import pikepdf
import pytest
from pytest_django import Settings

from amends.core import facts as f
from amends.core.braille import grade1
from amends.core.calendar import LONDON
from amends.core.case import Case, State
from amends.core.clocks import Clock, clocks
from amends.core.duties import Action, Duty, duties
from amends.core.kinds import CaseKind
from amends.core.may import Refusal
from amends.desk import actions, copying, documents, joining, liblouis, outbox
from amends.desk.actions import Actor, CopyWanted, NewContact
from amends.desk.erasure import Erased, erase_private
from amends.desk.evidence import verify
from amends.desk.models import Alarm, CaseRow, FactRow, Mail, Outgoing, PrivateWords, Provider
from amends.desk.now import set_now
from amends.desk.opened import read
from amends.desk.outbox import Outbox
from amends.desk.providers import Adopted, adopt
from amends.desk.record import docket
from amends.desk.refold import refold
from amends.desk.ticker import tick
from amends.desk.typeset import MadePdf
from tests.braille_reader import flowing, lines, normal
from tests.braille_reader import read as read_back
from tests.desk.made import days, example, london, provider, tell
from tests.desk.office import NOON, Office, clock
from tests.desk.test_documents import text
from tests.desk.visitor import Page, Visitor

pytestmark = pytest.mark.django_db

HANA = Actor("7", "Hana Hall", "handler")
HOME = "4 Elm Row\nExeter\nEX1 1AA"


def asked(office: Office, visitor: Visitor | None = None, **filled: Any) -> Page:
    """The page after a stranger has asked for a copy in the portal."""
    visitor = visitor or Visitor()
    said = {"wanted": "usual", "prefers": "email", "name": "Bo Bell", "email": "bo@example.org", **filled}
    return visitor.press(visitor.get(office.portal("copy")), "Send me a copy", **said)


def newest() -> CaseRow:
    return CaseRow.objects.order_by("-pk")[0]


def owed(row: CaseRow, now: datetime = NOON) -> list[Duty]:
    opened = read(CaseRow.objects.get(pk=row.pk))
    return list(duties(opened.case, opened.book, now))


def folded(row: CaseRow) -> Case:
    return read(CaseRow.objects.get(pk=row.pk)).case


def running(row: CaseRow) -> list[Clock]:
    opened = read(CaseRow.objects.get(pk=row.pk))
    return list(clocks(opened.case, opened.book))


def on(moment: datetime | None) -> str:
    assert moment is not None
    return moment.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")


def copy_case(at: Provider, how: CopyWanted, now: datetime = NOON, **who: Any) -> CaseRow:
    """A case of somebody who asked for a copy by post or email, as the console and the portal open it."""
    known = f.CustomerKnown(
        **{"at": now, "logged": now, "name": "Bo Bell", "email": "bo@example.org", "address": HOME, **who}
    )
    contact = NewContact(channel="letter", received=now, words="Please send me your code.")
    return copying.open_case(at, contact, known, how, HANA, now)


def posted(row: CaseRow, now: datetime) -> None:
    """A person has posted the letter of a copy."""
    key = Outgoing.objects.get(case=row, letter="copy-of-code").key
    tell(row, now, f.LetterFate, key=key, fate="posted")


def sent(now: datetime = NOON) -> list[EmailMessage]:
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


def attachments(mail: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_payload(decode=True) for part in mail.iter_attachments()}  # type: ignore[misc]  # bytes, since it decodes


def words_of(content: bytes) -> str:
    """The words of a PDF, in the order in which they are printed."""
    return text(MadePdf(content, "", ()))


def pages_of(content: bytes) -> int:
    with pikepdf.open(BytesIO(content)) as pdf:
        return len(pdf.pages)


# --- From the portal, by email: made, sent and over without anybody ------------------------------------------------


def test_a_copy_asked_for_in_the_portal_leaves_by_itself_and_the_case_is_over(office: Office) -> None:
    sent()
    page = asked(office)
    assert page.status == 200
    assert page.h1 == "Thank you. We will send you a copy"
    row = newest()
    assert row.reference in page.main
    case_ = folded(row)
    assert (case_.kind, case_.complaint, case_.state) == (CaseKind.COPY_OF_CODE, False, State.OPEN)
    assert [x.letter for x in case_.letters] == ["copy-of-code"], "and no acknowledgement of a complaint"
    assert [c.decided_by for c in case_.contacts] == ["system"], (
        "the form says what it is; nobody had to decide"
    )
    (mail,) = sent()
    assert mail["To"] == "bo@example.org"
    assert mail["Auto-Submitted"] == "auto-replied"
    ((name, content),) = attachments(mail).items()
    assert name == f"copy-of-code-{row.reference}-code.pdf"
    assert pages.validate_pdf_bytes(content, profile="ua1").is_compliant
    assert "Larkfield Broadband complaints code" in words_of(content)
    case_ = folded(row)
    assert case_.closed is not None
    assert (case_.closed.evidence, case_.closed.by) == ("copy sent", "system")
    assert not CaseRow.objects.get(pk=row.pk).is_open
    assert verify().faults == []
    assert refold(check=True, now=NOON).wrong == []


def test_no_clock_of_a_complaint_runs_and_no_adr_letter_ever_leaves(office: Office) -> None:
    Provider.objects.update(mail=Mail.OFF)
    asked(office)
    row = newest()
    assert [(c.clause, str(c.owe)) for c in running(row)] == [("L-copy", "copy of the code")]
    tick(NOON + days(60), send=False)
    assert [x.letter for x in folded(row).letters] == ["copy-of-code"]


@pytest.mark.parametrize(
    ("code", "clause", "promised", "due"),
    [
        ("opus", "O-copy", False, "2026-11-09 17:30"),
        ("infinity", "I-copy", False, "2026-11-09 17:30"),
        ("example", "L-copy", True, "2026-11-05 17:30"),
        ("netfuse", "R-04", False, "2026-11-09 17:30"),
    ],
)
def test_the_day_by_which_it_leaves_is_the_code_s_or_a_rule_of_ours(
    settings: Settings, code: str, clause: str, promised: bool, due: str
) -> None:
    """A story with dates: asked for by letter on Monday 2 November at noon, Braille by post."""
    clock(settings)
    at = provider(code, mail=Mail.FOLDER)
    row = copy_case(at, CopyWanted("letter", "Braille"))
    orders = [d for d in owed(row) if d.action is Action.SEND_FORMAT]
    assert [(d.clause, on(d.due)) for d in orders] == [(clause, due)]
    assert [c.clause for c in running(row)] == ([clause] if promised else [])
    said = " ".join(Outgoing.objects.get(case=row).text.split())
    assert ("it will leave by Thursday 5 November 2026" in said) is promised
    assert ("it will leave as soon as it is made" in said) is not promised
    assert folded(row).closed is None
    posted(row, NOON + days(1))
    assert folded(row).closed is None, "the Braille has not left"
    with docket(row.pk, now=NOON + days(2)) as d:
        assert (
            actions.dispatch_format(d.cases[row.pk], HANA, NOON + days(2), order="1", how="embossed, posted")
            is None
        )
    over = folded(row).closed
    assert over is not None
    assert over.at == (NOON + days(2))
    assert all(c.settled == NOON + days(2) for c in running(row))


def test_a_copy_that_has_not_left_by_its_day_is_late(settings: Settings) -> None:
    clock(settings)
    row = copy_case(provider("example", mail=Mail.FOLDER), CopyWanted("letter"))
    (promise,) = running(row)
    assert promise.standing(NOON + days(4)) == "broken"
    posted(row, NOON + days(1))
    (promise,) = running(row)
    assert promise.standing(NOON + days(4)) == "kept"


# --- Formats -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "ending", "orders"),
    [
        ("", "-code.pdf", []),
        ("large print", "-code-large-print.pdf", []),
        ("Braille", "-code.brf", []),
        ("plain text", "-code.txt", []),
        ("audio", "-code.pdf", ["audio"]),
        ("British Sign Language", "-code.pdf", ["British Sign Language"]),
    ],
)
def test_by_email_the_code_is_attached_in_the_format_and_a_person_makes_what_no_machine_can(
    office: Office, wanted: str, ending: str, orders: list[str]
) -> None:
    sent()
    row = copy_case(office.provider, CopyWanted("email", wanted))
    (mail,) = sent()
    ((name, content),) = attachments(mail).items()
    assert name == f"copy-of-code-{row.reference}{ending}"
    if ending.endswith(".pdf"):
        assert pages.validate_pdf_bytes(content, profile="ua1").is_compliant
        assert "Larkfield Broadband complaints code" in words_of(content)
    elif ending.endswith(".brf"):
        assert all(len(line) <= 40 for line in lines(content.decode("ascii").replace("\r\n", "\n")))
    else:
        assert "We tell you within 2 working days" in " ".join(content.decode("utf-8-sig").split())
    assert [o.format for o in folded(row).format_orders] == orders
    assert (folded(row).closed is None) is bool(orders)


@pytest.mark.parametrize("wanted", ["", "large print"])
def test_by_post_the_code_is_printed_after_its_letter_as_one_document(office: Office, wanted: str) -> None:
    row = copy_case(office.provider, CopyWanted("letter", wanted))
    outgoing = Outgoing.objects.select_related("provider", "case").get(case=row)
    assert (outgoing.state, outgoing.format) == ("to post", wanted)
    made = bytes(documents.to_print(outgoing).content)
    assert pages.validate_pdf_bytes(made, profile="ua1").is_compliant
    assert pages_of(made) >= 3
    said = words_of(made)
    assert said.index("Dear Bo Bell") < said.index("We tell you within 2 working days")
    assert "EX1 1AA" in said


def test_the_embosser_s_file_of_a_posted_copy_holds_letter_and_code(office: Office) -> None:
    row = copy_case(office.provider, CopyWanted("letter", "Braille"))
    outgoing = Outgoing.objects.select_related("provider", "case").get(case=row)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(liblouis, "best", lambda: grade1)
        made = bytes(documents.document(outgoing, documents.BRF).content).decode("ascii")
    said = normal(read_back(flowing(made.replace("\r\n", "\n"))))
    assert "dear bo bell" in said.lower()
    assert "we tell you within 2 working days" in said.lower()


def test_who_needs_a_format_gets_the_code_in_it_without_asking(office: Office) -> None:
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        assert actions.need_format(hand, HANA, NOON, wanted="large print", consent="on the call") is None
        assert actions.ask_copy(hand, HANA, NOON, CopyWanted("email")) is None
    outgoing = Outgoing.objects.get(case=office.row, letter="copy-of-code")
    assert outgoing.format == "large print"


def test_the_version_that_went_is_proved_and_stays_after_a_newer_one_is_adopted(office: Office) -> None:
    row = copy_case(office.provider, CopyWanted("letter"))
    outgoing = Outgoing.objects.select_related("provider", "case").get(case=row)
    assert outgoing.words["encloses"] == f"code {folded(row).code_version}"
    newer = example("2026-11", "3 November 2026").replace("within 3 working days", "within 4 working days")
    assert isinstance(adopt(newer, "newer.yaml", now=NOON, by="test"), Adopted)
    said = words_of(bytes(documents.to_print(outgoing).content))
    assert "free within 3 working days" in said
    assert verify().whole
    Outgoing.objects.filter(pk=outgoing.pk).update(words={**outgoing.words, "encloses": f"code {'0' * 64}"})
    assert not verify().whole, "another code than the one that was decided"


# --- On a case -----------------------------------------------------------------------------------------------------


def test_a_copy_on_a_complaint_changes_nothing_of_the_complaint(office: Office) -> None:
    before = {(c.id, c.due) for c in running(office.row)}
    page = office.do("copy-of-code", "Send it", channel="email")
    assert page.status == 200
    now_running = {(c.id, c.due) for c in running(office.row)}
    assert before < now_running
    assert {c for c, _ in now_running - before} == {"L-copy"}
    letters = [mail["Subject"].split(": ")[1] for mail in sent()]
    assert "a copy of our code" in letters
    case_ = folded(office.row)
    assert case_.closed is None, "the complaint goes on"
    assert case_.complaint is None


def test_a_complaint_that_is_over_ends_no_copy(office: Office) -> None:
    Provider.objects.update(mail=Mail.OFF)
    with docket(office.row.pk, now=NOON) as d:
        assert actions.ask_copy(d.cases[office.row.pk], HANA, NOON, CopyWanted("email")) is None
    tell(office.row, NOON, f.CaseClosed, evidence="customer confirmed", how="portal")
    promise = next(c for c in running(office.row) if c.clause == "L-copy")
    assert promise.standing(NOON + days(9)) == "broken"


@pytest.mark.parametrize(
    ("how", "what"),
    [
        (CopyWanted("letter"), "There is no address"),
        (CopyWanted("pigeon"), "There is no address"),
        (CopyWanted("email", "papyrus"), "no format"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_clause(office: Office, how: CopyWanted, what: str) -> None:
    with docket(office.row.pk, now=NOON) as d:
        refused = actions.ask_copy(d.cases[office.row.pk], HANA, NOON, how)
    assert isinstance(refused, Refusal)
    assert what in refused.what
    assert refused.clause == "L-copy"
    assert folded(office.row).copies == ()


def test_a_message_on_it_may_be_a_complaint_and_then_it_is_one(office: Office) -> None:
    row = copy_case(office.provider, CopyWanted("letter", "Braille"))
    tell(row, NOON + days(20), f.ContactReceived, contact="c2", channel="email", received=NOON + days(20),
         words="Where is it? You are hopeless.")  # fmt: skip
    case_ = folded(row)
    assert case_.complaint is None
    assert case_.first_received == NOON + days(20), (
        "the law's clock runs from their complaint, not from their request"
    )
    assert "acknowledgement" in [x.letter for x in case_.letters]


def test_a_copy_that_came_back_goes_another_way_or_a_person_is_asked(office: Office) -> None:
    row = copy_case(office.provider, CopyWanted("email"))
    key = Outgoing.objects.get(case=row).key
    tell(row, NOON, f.LetterFate, key=key, fate="sent")
    tell(row, NOON + days(1), f.LetterFate, key=key, fate="bounced", by="system")
    letters = Outgoing.objects.filter(case=row).order_by("pk")
    assert [(x.channel, x.letter) for x in letters] == [("email", "copy-of-code")], (
        "it was over: a person looks"
    )
    assert [d.action for d in owed(row, NOON + days(1))] == [Action.SEND_AGAIN]


def test_a_copy_that_could_not_leave_by_email_goes_by_post(office: Office) -> None:
    row = copy_case(office.provider, CopyWanted("email"))
    key = Outgoing.objects.get(case=row).key
    tell(row, NOON, f.LetterFate, key=key, fate="failed", by="system")
    assert [x.channel for x in Outgoing.objects.filter(case=row).order_by("pk")] == ["email", "letter"]
    lonely = copy_case(office.provider, CopyWanted("email"), address="")
    tell(lonely, NOON, f.LetterFate, key=Outgoing.objects.get(case=lonely).key, fate="failed", by="system")
    assert Action.ADD_WAY in [d.action for d in owed(lonely)]


# --- The forms, and who misuses them -------------------------------------------------------------------------------


def test_a_colleague_sends_one_to_a_caller_from_the_day_they_asked(office: Office) -> None:
    visitor = office.visitor("agent")
    page = visitor.get(office.at("copy-of-code"))
    page = visitor.press(
        page, "Send it", came="letter", asked_day="2026-10-30", asked_time="09:00", wanted="Braille", prefers="letter",
        name="Bo Bell", address=HOME,
    )  # fmt: skip
    assert page.status == 200, page.mistakes
    row = newest()
    assert page.address == office.at(f"cases/{row.reference}")
    assert "a request for a copy of the code" in page.main
    (order,) = [d for d in owed(row) if d.action is Action.SEND_FORMAT]
    assert on(order.due) == "2026-11-04 17:30"
    assert [c.start for c in running(row)] == [london("2026-10-30 09:00")]


@pytest.mark.parametrize(
    ("filled", "mistake"),
    [
        ({"prefers": "letter", "email": ""}, "Give the postal address to send it to."),
        ({"email": ""}, "Give the email address to send it to."),
        ({"email": "no address"}, "This is no email address. Write one such as ann@example.org."),
        ({"name": ""}, "Give the name to write to."),
        ({"wanted": "papyrus"}, "That is not offered here. Choose one of those that are."),
        ({"name": "x" * 201}, "This is too long: write at most 200 characters. It has 201."),
        ({"name": "Bo\x00Bell"}, "There is a character here that cannot be read. Write the words again."),
    ],
)
def test_what_is_wrong_is_said_at_its_box_and_nothing_is_opened(
    office: Office, filled: dict[str, str], mistake: str
) -> None:
    before = CaseRow.objects.count()
    visitor = Visitor()
    page = visitor.get(office.portal("copy"))
    form, _ = page.form("Send me a copy")
    said = {"wanted": "usual", "prefers": "email", "name": "Bo", "email": "bo@example.org", **filled}
    token = form.xpath('.//input[@name="csrfmiddlewaretoken"]')[0].get("value")
    page = visitor.send("POST", office.portal("copy"), {"csrfmiddlewaretoken": token, **said})
    assert page.status == 422
    assert any(mistake in m for m in page.mistakes), page.mistakes
    assert CaseRow.objects.count() == before


def test_a_double_click_is_one_copy_and_a_flood_stops(office: Office) -> None:
    visitor = Visitor()
    page = visitor.get(office.portal("copy"))
    for _ in range(2):
        visitor.press(
            page, "Send me a copy", wanted="usual", prefers="email", name="Bo", email="bo@example.org"
        )
    ours = CaseRow.objects.filter(customer_email="bo@example.org")
    assert ours.count() == 1
    assert asked(office).status == 200
    page = asked(office)
    assert page.status == 429
    assert "too many requests" in page.mistakes[0]
    assert ours.count() == 2
    assert asked(office, email="other@example.org").status == 200
    set_now((NOON + days(1) + timedelta(minutes=1)).isoformat())
    assert asked(office).status == 200


def test_many_strangers_at_once_are_stopped_and_somebody_hears_of_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "FOR_ALL", 2)
    statuses = [asked(office, email=f"s{n}@example.org").status for n in range(3)]
    assert statuses == [200, 200, 429]
    alarm = Alarm.objects.get(kind=copying.ALARM)
    assert alarm.runbook == copying.RUNBOOK
    assert "example.org" not in alarm.text


def test_nobody_s_mailbox_is_filled_with_copies(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "ANSWERED_A_DAY", 3)
    for n in range(5):
        copy_case(office.provider, CopyWanted("email"), NOON + timedelta(minutes=n))
    states = list(
        Outgoing.objects.filter(letter="copy-of-code").order_by("pk").values_list("state", flat=True)
    )
    assert states == ["ready", "ready", "ready", "held", "held"]


HOSTILE = '<script>alert(1)</script> {{ x }} #import "a" \u202e 李 \U00012345 😀'


def test_hostile_words_come_out_harmless_on_paper_and_on_the_page(office: Office) -> None:
    visitor = Visitor()
    page = asked(office, visitor, prefers="letter", name=HOSTILE, email="", address=f"{HOSTILE}\n" * 7)
    assert page.status == 200, page.mistakes
    row = newest()
    outgoing = Outgoing.objects.select_related("provider", "case").get(case=row)
    assert pages.validate_pdf_bytes(bytes(documents.to_print(outgoing).content), profile="ua1").is_compliant
    for page in (
        visitor.get(office.portal("case")),
        office.visitor().get(office.at(f"cases/{row.reference}")),
    ):
        assert page.status == 200
        assert b"<script>alert" not in page.content


def test_the_customer_sees_their_request_and_no_word_of_a_complaint(office: Office) -> None:
    visitor = Visitor()
    asked(office, visitor, prefers="letter", address=HOME)
    page = visitor.get(office.portal("case"))
    assert page.h1 == "Your request"
    assert "We send you a copy of our code" in page.main
    assert "Ask somebody higher up" not in page.main
    assert "complaint" not in page.main.partition("Dear Bo Bell")[0].lower()
    assert "You asked for a copy of the code, by post" in page.main
    posted(newest(), NOON)
    assert "The copy of our code has left" in visitor.get(office.portal("case")).main


def test_where_no_code_is_in_force_nothing_is_offered(settings: Settings) -> None:
    clock(settings)
    Provider.objects.create(slug="bare", name="Bare", created=NOON)
    assert Visitor().get("/portal/bare/copy").status == 404
    assert "copy" not in " ".join(Visitor().get("/portal/bare/").links)


def test_which_format_somebody_asked_for_is_private_and_erased_with_the_case(office: Office) -> None:
    row = copy_case(office.provider, CopyWanted("letter", "Braille"))
    assert "Braille" not in str(list(FactRow.objects.filter(case=row).values_list("open", flat=True)))
    posted(row, NOON)
    with docket(row.pk, now=NOON) as d:
        assert actions.dispatch_format(d.cases[row.pk], HANA, NOON, order="1", how="embossed") is None
    assert isinstance(erase_private(CaseRow.objects.get(pk=row.pk), why="asked", by="7", now=NOON), Erased)
    assert "Braille" not in str(list(PrivateWords.objects.filter(case=row).values_list("words", flat=True)))
    assert folded(row).copies[0].format == ""
    assert verify().whole


def test_a_copy_that_nobody_waits_for_is_withdrawn_and_no_other_letter_ever_is(office: Office) -> None:
    row = copy_case(office.provider, CopyWanted("letter"))
    visitor = office.visitor()
    page = visitor.get(office.at(f"cases/{row.reference}/letter-fate"))
    page = visitor.press(page, "Save", key=Outgoing.objects.get(case=row).key, fate="withdrawn")
    assert page.status == 200, page.mistakes
    assert Outgoing.objects.get(case=row).state == "withdrawn"
    assert [d.id for d in owed(row)] == []
    with docket(row.pk, now=NOON) as d:
        assert actions.close(d, d.cases[row.pk], HANA, NOON, evidence="not a complaint") is None
    assert not CaseRow.objects.get(pk=row.pk).is_open
    for at, key in (
        (row, Outgoing.objects.get(case=row).key),
        (office.row, Outgoing.objects.get(case=office.row).key),
    ):
        with docket(at.pk, now=NOON) as d:
            refused = actions.letter_fate(d.cases[at.pk], HANA, NOON, key=key, fate="withdrawn")
        assert refused is not None
        assert "Only a copy of the code" in refused.what


def test_where_somebody_wrote_more_than_their_request_a_person_ends_the_case(office: Office) -> None:
    row = copy_case(office.provider, CopyWanted("letter", ""))
    wrote = NOON + days(1)
    tell(
        row, wrote, f.ContactReceived, contact="c2", channel="email", received=wrote, words="And your prices?"
    )
    tell(row, wrote, f.ComplaintDecided, contact="c2", complaint=False, why="They ask for prices.")
    posted(row, wrote)
    assert folded(row).copies[0].letter
    assert folded(row).closed is None, "somebody reads it first"
    alone = copy_case(office.provider, CopyWanted("letter", ""), name="Cy Cole")
    posted(alone, wrote)
    assert folded(alone).closed is not None
