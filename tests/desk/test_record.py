"""Promises of the one writer: all or nothing, letters at rest, words frozen, hints never late."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amends.core import facts as f
from amends.core.case import fold
from amends.core.duties import automatic, due_hint
from amends.core.letters import Missing
from amends.desk import ledger, record, reference
from amends.desk.books import book_for
from amends.desk.models import (
    Alarm,
    CaseAddress,
    CaseMessageId,
    CaseRow,
    FactRow,
    Mail,
    Outgoing,
    PrivateWords,
    Provider,
)
from amends.desk.providers import adopt
from amends.desk.record import CaseGone, LetterMissing, docket
from tests.desk.made import ANN, MONDAY, case, complain, days, example, london, look, provider, tell

pytestmark = pytest.mark.django_db
DESK = Path(__file__).parents[2] / "amends" / "desk"


def letters(row: CaseRow) -> list[tuple[str, str, str]]:
    return list(Outgoing.objects.filter(case=row).order_by("id").values_list("letter", "channel", "state"))


def test_a_first_contact_makes_a_case_with_a_reference_a_clock_and_an_acknowledgement() -> None:
    row = case(provider(mail=Mail.LIVE))
    assert reference.normal(row.reference) == row.reference
    assert (row.state, row.is_open, row.complaint) == ("open", True, None)
    assert (row.subject, row.customer_name, row.customer_email) == (
        "No internet",
        "Ann Archer",
        "ann@example.org",
    )
    assert row.due_hint == london("2026-12-14 00:00"), "the ADR letter, six weeks after receipt"
    assert letters(row) == [("acknowledgement", "email", "ready")]
    sent = Outgoing.objects.get()
    assert row.reference in sent.text
    assert sent.to == "ann@example.org"
    assert CaseMessageId.objects.get(message_id=sent.message_id).outgoing
    assert CaseAddress.objects.get().address_key == "ann@example.org"


def test_the_facts_in_the_database_fold_to_the_case_in_hand() -> None:
    with docket(now=MONDAY) as d:
        hand = complain(d, provider(), MONDAY)
    assert fold(ledger.load([hand.row.pk])[hand.row.pk]) == hand.case
    assert hand.case.letters[0].letter == "acknowledgement"


def test_nothing_remains_of_a_docket_whose_block_raises() -> None:
    at = provider()

    def goes_wrong() -> None:
        with docket(now=MONDAY) as d:
            complain(d, at, MONDAY)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        goes_wrong()
    assert not CaseRow.objects.exists()
    assert not FactRow.objects.exists()
    assert not Outgoing.objects.exists()


def test_a_case_that_does_not_exist_is_told() -> None:
    with pytest.raises(CaseGone, match="404"), docket(404, now=MONDAY):
        pass


def test_the_adr_letter_leaves_from_its_day_on_and_once() -> None:
    row = case(provider(mail=Mail.LIVE))
    assert letters(look(row, london("2026-12-13 23:59"))) == [("acknowledgement", "email", "ready")]
    day = london("2026-12-14 00:00")
    assert letters(look(row, day))[1:] == [("adr-letter", "email", "ready")]
    row = look(row, day)
    assert len(letters(row)) == 2
    assert row.due_hint is None
    assert Outgoing.objects.get(letter="adr-letter").lane == 0


def test_an_adr_letter_left_undecided_raises_an_alarm_until_somebody_decides() -> None:
    row = look(case(provider()), london("2026-12-14 06:00"))
    assert row.reference in Alarm.objects.get(kind="undecided", cleared__isnull=True).text
    tell(row, london("2026-12-14 09:00"), f.ComplaintDecided, contact="first", complaint=True)
    assert not Alarm.objects.filter(kind="undecided", cleared__isnull=True).exists()


def test_a_decided_complaint_gets_its_adr_letter_without_an_alarm() -> None:
    row = tell(case(provider()), MONDAY, f.ComplaintDecided, contact="first", complaint=True)
    look(row, london("2026-12-14 06:00"))
    assert not Alarm.objects.filter(kind="undecided").exists()


def test_what_is_no_complaint_gets_no_adr_letter_and_no_hint() -> None:
    row = tell(
        case(provider()), MONDAY, f.ComplaintDecided, contact="first", complaint=False, why="a question"
    )
    assert row.due_hint is None
    assert len(letters(look(row, london("2027-01-30 09:00")))) == 1


@pytest.mark.parametrize(("mail", "email", "post"), [
    (Mail.OFF, "held", "held"), (Mail.FOLDER, "ready", "to post"), (Mail.LIVE, "ready", "to post"),
])  # fmt: skip
def test_while_mail_is_off_nothing_leaves_on_any_channel(mail: Mail, email: str, post: str) -> None:
    at = provider(mail=mail)
    by_mail, by_post = (
        case(at),
        case(at, customer={"name": "Bob", "address": "4 Mill Lane\nLarkfield\nLK1 2AB"}, channel="letter"),
    )
    assert letters(by_mail) == [("acknowledgement", "email", email)]
    assert letters(by_post) == [("acknowledgement", "letter", post)]
    assert by_post.postcode == "LK1 2AB"


def test_a_customer_who_cannot_be_reached_gets_the_letter_when_a_way_is_known() -> None:
    row = case(provider(), customer={"name": "Cy", "phone": "01632 960999"}, channel="phone")
    assert letters(row) == []
    row = tell(row, MONDAY, f.CustomerKnown, email="cy@example.org")
    assert letters(row) == [("acknowledgement", "email", "held")]


def test_a_bounced_letter_of_the_law_goes_another_way() -> None:
    at = provider(mail=Mail.LIVE)
    row = look(case(at, customer={**ANN, "address": "1 High Street\nLarkfield"}), london("2026-12-14 06:00"))
    key = Outgoing.objects.get(letter="adr-letter").key
    tell(row, london("2026-12-14 07:00"), f.LetterFate, key=key, fate="bounced")
    states = Outgoing.objects.filter(letter="adr-letter").order_by("id").values_list("channel", "state")
    assert list(states) == [("email", "bounced"), ("letter", "to post")]


def test_the_row_of_a_letter_follows_the_fact_that_tells_its_fate() -> None:
    row = case(provider(mail=Mail.LIVE))
    sent = Outgoing.objects.get()
    tell(row, MONDAY, f.LetterFate, key=sent.key, fate="sent")
    sent.refresh_from_db()
    assert (sent.state, sent.settled_at) == ("sent", MONDAY)


def test_frozen_words_never_change_when_the_provider_does() -> None:
    at = provider()
    case(at)
    before = Outgoing.objects.get().text
    at.name = "Another Name"
    at.save()
    case(at)
    assert Outgoing.objects.earliest("id").text == before
    assert "Another Name" in Outgoing.objects.latest("id").text


def test_a_letter_that_cannot_be_written_raises_an_alarm_and_everything_else_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        record, "write", lambda letter, _matter: Missing(letter, ("scheme",), "no scheme is known")
    )
    row = case(provider())
    assert row.facts == 3
    assert "no scheme is known" in row.stuck
    assert row.due_hint == MONDAY + days(1 / 24), "tried again in an hour, not at every tick"
    assert row.reference in Alarm.objects.get(kind="stuck letter").text
    monkeypatch.undo()
    row = look(row, MONDAY + days(1 / 24))
    assert row.stuck == ""
    assert letters(row) == [("acknowledgement", "email", "held")]
    assert Alarm.objects.get(kind="stuck letter").cleared is not None


def test_a_letter_that_a_person_asks_for_and_that_cannot_be_written_records_nothing() -> None:
    row = case(provider())

    def introduce() -> None:
        with docket(row.pk, now=MONDAY) as d:
            d.cases[row.pk].add(f.NoteAdded(at=MONDAY, logged=MONDAY, words="about to write"))
            d.write(d.cases[row.pk], "introduction", channel="email", to="ann@example.org")

    with pytest.raises(LetterMissing, match="handler"):
        introduce()
    assert CaseRow.objects.get().facts == row.facts


def test_no_control_character_or_half_a_letter_stops_a_fact() -> None:
    row = case(provider(), subject="nul \0 here", words="half \ud83d a face, whole \U0001f600")
    assert row.subject == "nul \ufffd here"
    kept = PrivateWords.objects.get(seq=2).words
    assert kept is not None
    assert kept["words"] == "half \ufffd a face, whole \U0001f600"


def test_the_code_that_governs_is_that_of_the_first_receipt() -> None:
    adopt(example(begins="1 November 2026"), "example.yaml", now=MONDAY, by="7")
    at = Provider.objects.get()
    assert case(at, london("2026-11-01 00:30")).code is not None
    assert case(at, london("2026-10-31 23:30")).code is None, "the code is in force from 1 November"
    assert case(at, london("2026-10-31 23:30")).due_hint == london("2026-12-12 00:00"), (
        "the law runs without a code"
    )


def test_an_import_keeps_its_reference_and_sends_nothing() -> None:
    at = provider()
    with docket(now=london("2026-12-20 09:00")) as d:
        hand = d.open_case(at, MONDAY, reference="OLD-1")
        hand.add(
            f.ContactReceived(at=MONDAY, logged=d.now, contact="c", channel="email", received=MONDAY),
            f.CustomerKnown(at=MONDAY, logged=d.now, email="ann@example.org"),
        )
    row = CaseRow.objects.get(reference="OLD-1")
    assert {state for *_, state in letters(row)} == {"held"}
    assert {letter for letter, *_ in letters(row)} == {"acknowledgement", "adr-letter"}


@pytest.mark.parametrize("decided", [None, True, False])
@pytest.mark.parametrize("after", [(), (0,), (1, 41.5), (42,), (41, 42, 43), (300,)])
def test_duties_reach_rest_and_the_hint_is_never_late(after: tuple[float, ...], decided: bool | None) -> None:
    """After a docket nothing automatic is owed at that moment, and the hint is what the core itself says."""
    row, now = case(provider()), MONDAY
    for day in after:
        now = MONDAY + days(day)
        row = look(row, now)
    if decided is not None:
        row = tell(row, now, f.ComplaintDecided, contact="first", complaint=decided, why="seen")
    folded = fold(ledger.load([row.pk])[row.pk])
    assert automatic(folded, book_for(row), now) == ()
    assert row.due_hint == due_hint(folded, book_for(row))


def test_a_docket_of_twenty_is_a_handful_of_queries() -> None:
    at = provider(mail=Mail.LIVE)
    rows = [case(at) for _ in range(20)]
    with (
        CaptureQueriesContext(connection) as queries,
        docket(*(r.pk for r in rows), now=london("2026-12-14 06:00")),
    ):
        pass
    assert Outgoing.objects.filter(letter="adr-letter").count() == 20
    assert len(queries) <= 22, [q["sql"][:80] for q in queries]


def test_two_providers_may_give_the_same_reference() -> None:
    one, other = provider("example"), provider("opus", now=MONDAY)
    for at in (one, other):
        with docket(now=MONDAY) as d:
            d.open_case(at, MONDAY, reference="SAME-1")
    assert CaseRow.objects.filter(reference="SAME-1").count() == 2


def test_a_reference_that_was_given_already_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["LB-0000-0000", "LB-0000-0000", "LB-0000-0001"])
    monkeypatch.setattr(reference, "draw", lambda _initials: next(drawn))
    at = provider()
    assert [case(at).reference, case(at).reference] == ["LB-0000-0000", "LB-0000-0001"]


WRITERS = {
    "ledger": "the record's rows of facts",
    "keeping": "the record's rows of a docket",
    "owing": "the record's rows of what is owed",
    "freeze": "the record's frozen letters",
    "tallies": "the record's rows for lists and reports",
    "words": "the record's rows of words",
    "mail_room": "mails as they came, and their ids",
    "evidence": "reads the chains",
    "enclosures": "reads whether private words were erased",
    "erasure": "empties private words, inside a docket",
}
WRITES = frozenset({"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"})
FACTS = frozenset({"FactRow", "PrivateWords"})


def wrong_writes(path: Path) -> list[str]:
    """Where a room that is no part of the writer names facts, or makes or deletes cases and outgoing letters."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.alias) and node.name.rpartition(".")[2] == "quick":
            found.append(f"{path.name}:{node.lineno} writes rows quickly")
        if isinstance(node, ast.Name) and node.id in FACTS:
            found.append(f"{path.name}:{node.lineno} {node.id}")
        if (
            isinstance(node, ast.Attribute)
            and node.attr in WRITES
            and _of(node) in ("CaseRow", "DutyRow", "Outgoing")
        ):
            found.append(f"{path.name}:{node.lineno} {_of(node)}.{node.attr}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Outgoing":
            found.append(f"{path.name}:{node.lineno} makes Outgoing")
    return found


def _of(node: Any) -> str:
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""


def test_only_the_record_writes_facts_cases_and_letters() -> None:
    rooms = [
        p
        for p in DESK.rglob("*.py")
        if not {"migrations", "models"} & set(p.parts) and p not in {DESK / f"{name}.py" for name in WRITERS}
    ]
    assert len(rooms) > 10
    assert [line for path in rooms for line in wrong_writes(path)] == []


def test_every_room_that_may_write_still_needs_to() -> None:
    assert [name for name in WRITERS if not wrong_writes(DESK / f"{name}.py")] == []
