"""Outages: one incident, many cases, one update to all, its end, and refunds settled together and never twice."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from amends.core import awards
from amends.core import facts as f
from amends.core.awards import Stand
from amends.core.kinds import CaseKind
from amends.core.may import Refusal
from amends.desk import actions, care, outage_runs, outages
from amends.desk.actions import NewContact
from amends.desk.care import Asked
from amends.desk.claims import first_lane
from amends.desk.customers import linking
from amends.desk.limits import set_limits
from amends.desk.models import (
    ApprovalRow,
    CaseRow,
    CustomerRow,
    Lane,
    Outage,
    OutageCase,
    OutageTurn,
    Outgoing,
    Service,
)
from amends.desk.now import set_now
from amends.desk.record import CaseInHand, Docket, docket
from amends.desk.refold import refold
from amends.desk.views import outages as outage_views
from tests.desk.made import MONDAY, london
from tests.desk.office import NOON, Office, clock
from tests.desk.test_promises import folded, of

pytestmark = pytest.mark.django_db
CODES = ["netservers", "netfuse", "focus-group", "opus", "infinity", "example"]
HANA = actions.Actor("7", "Hana", "handler")
SINCE = london("2026-11-02 07:00")
UNTIL = london("2026-11-03 19:00")
"""A day and a half: 2,160 minutes."""


@pytest.fixture(autouse=True)
def _noon(settings: Settings) -> None:
    clock(settings)


def fault(at: Office, name: str = "Bo Reed", **known: Any) -> CaseRow:
    """A fault that somebody reported this morning."""
    who = f.CustomerKnown(
        at=NOON,
        logged=NOON,
        by="7",
        name=name,
        **{"email": f"{name.split(maxsplit=1)[0].lower()}@example.org", **known},
    )
    said = NewContact("phone", MONDAY, "The broadband is dead.")
    asked = Asked(CaseKind.FAULT, {"service": "Fibre 80", "symptoms": "Nothing.", "works": "not at all"})
    with docket(now=NOON) as d:
        return care.open_case(d, at.provider, said, who, HANA, NOON, asked).row


def outage(at: Office, what: str = "No broadband in Ely", since: datetime = SINCE, **more: str) -> Outage:
    return outages.open_outage(at.provider, outages.Said(what, since, "our monitoring", **more), "7", NOON)


@contextlib.contextmanager
def held(row: CaseRow, now: datetime = NOON) -> Iterator[tuple[Docket, CaseInHand]]:
    with docket(row.pk, now=now) as d:
        yield d, d.cases[row.pk]


def link(row: CaseRow, to: Outage, service: str = "") -> None:
    with held(row) as (_, hand):
        assert outages.link(hand, to, HANA, NOON, service=service) is None


def of_the_book(
    at: Office, row: CaseRow, *, pence: int = 3100, name: str = "Fibre 80", whose: CustomerRow | None = None
) -> Service:
    """The case is of a customer in the book who pays this a month."""
    whose = whose or CustomerRow.objects.create(provider=at.provider, name="Bo Reed", made=NOON, changed=NOON)
    service = Service.objects.create(
        provider=at.provider,
        customer=whose,
        kind="broadband",
        name=name,
        price_pence=pence,
        price_per="month",
    )
    belongs(row, service)
    return service


def belongs(row: CaseRow, service: Service) -> None:
    with held(row) as (_, hand):
        assert linking.link(hand, service.customer, by="7", now=NOON, service=service) is None


def settle(
    at: Office, row: Outage, *cases: CaseRow, by: actions.Actor = HANA, now: datetime = UNTIL, **more: Any
) -> dict[int, OutageTurn]:
    """The refunds of an outage, ordered and done; the turn of each case."""
    ordered = outages.Ordered(outages.REFUND, "We refund the time without it.", looked_at="the log", **more)
    run = outages.queue(row, ordered, [c.pk for c in cases], by, now)
    assert not isinstance(run, Refusal), run
    outage_runs.work(now)
    return {turn.case_id: turn for turn in OutageTurn.objects.filter(run=run)}


def over(row: Outage, until: datetime = UNTIL) -> Outage:
    assert outages.end(row, until, "7", until) is None
    return Outage.objects.get(pk=row.pk)


def refunded(row: CaseRow) -> int:
    """What refunds of this case come to, in pence."""
    return awards.pence(a for a in folded(row).awards if a.counts)


# --- The story -------------------------------------------------------------------------------------------------------


@of(*CODES)
def test_one_incident_is_told_to_all_of_its_customers_ended_and_refunded_together(
    at: Office, settings: Settings
) -> None:
    """S-outage, through the pages: opened, cases linked by ticks, one update to all, its end, refunds by the minute."""
    bo, cy = fault(at), fault(at, "Cy Low", address="3 Mill Lane\nEly\nCB6 1AA", email="", prefers="letter")
    of_the_book(at, bo)
    hana = at.visitor()
    page = hana.press(
        hana.get(at.at("outages/open")), "Open it", what="No broadband in and around Ely", since_day="2026-11-02",
        since_time="07:00", said_by="our monitoring", services="Fibre 80", areas="CB6", supplier="Northline",
        reference="NL-7",
    )  # fmt: skip
    Outage.objects.get()
    assert page.address == at.at("outages/1"), page.mistakes
    assert "Northline, NL-7" in page.main
    assert page.doc.xpath("//input[@name='cases' and @checked]/@value") == [str(cy.pk)], (
        "its postcode speaks for it"
    )
    folded_away = page.doc.xpath("//details//input[@name='cases']/@value")
    assert (str(bo.pk) in folded_away, str(cy.pk) in folded_away) == (True, False), (
        "nothing speaks for it but its day"
    )
    page = hana.press(page, "Link those that are ticked", cases=[str(bo.pk), str(cy.pk)])
    assert "2 cases linked" in page.words
    assert "outage 1: No broadband in and around Ely" in hana.get(at.at(f"cases/{bo.reference}")).main
    page = hana.press(hana.get(at.at("outages/1/tell")), "See it first", words="A digger cut the cable.")
    assert "A digger cut the cable." in page.main
    assert at.at("decide") in page.links, "the ways of the console stand around it"
    assert not Outgoing.objects.filter(letter="outage-update").exists(), "looked at, and not sent"
    hana.press(page, "Send it to all")
    assert outage_runs.work(NOON) == 2
    told = Outgoing.objects.filter(letter="outage-update")
    assert {(x.case_id, x.channel, x.lane) for x in told} == {
        (bo.pk, "email", Lane.BULK),
        (cy.pk, "letter", Lane.BULK),
    }
    if at.slug == "netservers":
        assert "Our code says, in S-outage:" in told[0].text
    clock(settings, UNTIL)
    hana = at.visitor()
    page = hana.press(
        hana.get(at.at("outages/1/end")), "Write the end down", until_day="2026-11-03", until_time="19:00"
    )
    assert "The outage is over" in page.words
    page = hana.press(hana.get(at.at("outages/1/tell")), "See it first", words="The cable is joined again.")
    hana.press(page, "Send it to all")
    assert outage_runs.work(UNTIL) == 2
    assert Outgoing.objects.filter(letter="outage-end").count() == 2
    page = hana.press(
        hana.get(at.at("outages/1/refunds")), "Work them out", beyond="no", looked_at="the log", words="We refund it.",
        price="21.60",
    )  # fmt: skip
    assert "£31 × 2,160 ÷ 43,200" in page.main, "each case shows its arithmetic"
    assert "£21.60 × 2,160 ÷ 43,200" in page.main
    assert "What it comes to: £2.63" in page.main
    hana.press(page, "Settle those that are ticked")
    assert outage_runs.work(UNTIL) == 2
    assert (refunded(bo), refunded(cy)) == (155, 108)
    page = hana.get(at.at("outages/1"))
    assert "£1.55 owed" in page.main
    assert "2 done" in page.main
    assert {a.stands for a in folded(bo).awards} == {Stand.OWED}
    assert Outgoing.objects.get(case=bo, letter="credit-note").lane == Lane.BULK


@of("netservers")
def test_a_new_fault_is_offered_the_outage_that_stands(at: Office) -> None:
    """S-outage: on the page of the case, one press away; what was linked is offered no more, and can be taken off."""
    row = fault(at)
    outage(at, services="Fibre 80")
    hana = at.visitor()
    page = hana.get(at.at(f"cases/{row.reference}"))
    assert "An outage stands. Is the case about it?" in page.main
    page = hana.press(hana.get(at.at(f"cases/{row.reference}/outage?outage=1")), "Link it")
    assert "It is about outage 1: No broadband in Ely" in page.main
    assert "An outage stands. Is the case about it?" not in page.main
    assert folded(row).outages[0].service == "Fibre 80"
    hana.press(
        hana.get(at.at(f"cases/{row.reference}/outage-off")), "Take it off", why="Their router was broken."
    )
    assert folded(row).outages == ()
    assert not OutageCase.objects.exists()
    assert refold(check=True, now=NOON).wrong == []


# --- One update to all -----------------------------------------------------------------------------------------------


def many(at: Office, count: int) -> tuple[Outage, list[CaseRow]]:
    row = outage(at)
    rows = [fault(at, f"N{number} Low") for number in range(count)]
    for each in rows:
        link(each, row)
    return row, rows


def queued(row: Outage) -> None:
    cases = list(outages.linked(row).values_list("pk", flat=True))
    run = outages.queue(row, outages.Ordered(outages.UPDATE, "A cable is cut."), cases, HANA, NOON)
    assert not isinstance(run, Refusal), run


@of("netservers")
def test_a_worker_that_dies_halfway_writes_to_each_customer_exactly_once(
    at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-outage: killed within the third case nothing of that case was; the next worker goes on, and nobody is told twice."""
    row, rows = many(at, 5)
    queued(row)
    settled, calls = outage_runs._settled, []

    def dies(*told: Any) -> None:
        calls.append(told)
        if len(calls) == 3:
            raise KeyboardInterrupt  # as a signal would: no handler of ours may run on it
        settled(*told)

    monkeypatch.setattr(outage_runs, "_settled", dies)
    with pytest.raises(KeyboardInterrupt):
        outage_runs.work(NOON)
    assert Outgoing.objects.filter(letter="outage-update").count() == 2
    monkeypatch.setattr(outage_runs, "_settled", settled)
    assert outage_runs.work(NOON) == 3
    assert outage_runs.work(NOON) == 0
    assert sorted(Outgoing.objects.filter(letter="outage-update").values_list("case", flat=True)) == sorted(
        x.pk for x in rows
    )
    assert [folded(x).outages[0].told for x in rows] == [(1,)] * 5


KILLED = """
import os, signal, sys
from amends.desk.start import ready
ready()
from amends.desk import outage_runs
from tests.desk import test_outages as story
from tests.desk.office import NOON, Office
if sys.argv[1] == "begin":
    row, _ = story.many(Office("netservers"), 5)
    story.queued(row)
    settled, calls = outage_runs._settled, []
    def dies(*told):
        calls.append(told)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        settled(*told)
    outage_runs._settled = dies
outage_runs.work(NOON)
"""


def test_killed_outright_it_goes_on_and_nobody_is_written_twice(tmp_path: Path) -> None:
    """S-outage: a real process, a real database file, and kill -9 within the third of five cases."""
    environment = {**os.environ, "AMENDS_HOME": str(tmp_path), "AMENDS_CLOCK": "manual"}
    environment.pop("AMENDS_DATABASE_URL", None)

    def worker(what: str) -> int:
        ran = subprocess.run(
            [sys.executable, "-c", KILLED, what], env=environment, cwd=Path(__file__).parents[2], check=False
        )
        return ran.returncode

    def written() -> list[int]:
        with contextlib.closing(sqlite3.connect(tmp_path / "db.sqlite3")) as file:
            found = file.execute("SELECT case_id FROM desk_outgoing WHERE letter = 'outage-update'")
            return [case for (case,) in found]

    assert worker("begin") == -signal.SIGKILL
    assert len(written()) == 2
    assert worker("go on") == 0
    assert worker("go on") == 0
    assert len(written()) == len(set(written())) == 5


@of("netservers")
def test_it_never_holds_up_an_acknowledgement_or_a_letter_of_the_law(at: Office) -> None:
    """S-outage: of all that is ready at once, the letters to all leave last."""
    row, _rows = many(at, 3)
    queued(row)
    outage_runs.work(NOON)
    Outgoing.objects.exclude(letter="outage-update").filter(state="ready").update(state="sent")
    assert first_lane(NOON, []) == Lane.BULK
    Outgoing.objects.create(
        provider=at.provider, case=at.row, key="x/adr-letter/9", letter="adr-letter", channel="email", to="a@example.org",
        words={}, text="", digest="", message_id="<x@y>", lane=Lane.LAW, state="ready", not_before=NOON, decided_at=NOON,
    )  # fmt: skip
    assert first_lane(NOON, []) == Lane.LAW


@of("netservers")
def test_each_customer_reads_it_in_their_own_format(at: Office) -> None:
    """S-outage: whoever needs large print gets this in large print too; who cannot be written is named with the reason."""
    row, (first, second) = many(at, 2)
    with held(first) as (_, hand):
        assert actions.need_format(hand, HANA, NOON, wanted="large print", consent="on the phone") is None
    with held(second) as (_d, hand):
        hand.add(f.CaseClosed(at=NOON, logged=NOON, evidence="request carried out"))
    queued(row)
    outage_runs.work(NOON)
    assert Outgoing.objects.get(letter="outage-update").format == "large print"
    assert OutageTurn.objects.get(case=first).result == "By email", "erasing does not reach what a turn says"
    left = OutageTurn.objects.get(case=second)
    assert (left.state, left.result) == (
        "not done",
        "The case is closed. Reopen it first: its dates stand as they were.",
    )


@of("netservers")
def test_word_that_it_stands_reaches_nobody_once_it_is_over(at: Office) -> None:
    row, cases = many(at, 2)
    queued(row)
    over(row)
    outage_runs.work(NOON)
    assert not Outgoing.objects.filter(case__in=cases, letter="outage-update").exists()
    turns = OutageTurn.objects.filter(run__outage=row)
    assert {turn.result for turn in turns} == {"The outage is over meanwhile: tell its end"}


@of("netservers")
def test_a_case_for_which_something_speaks_is_shown_first_however_many_came_since(
    at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outages, "SHOWN", 2)
    likely = fault(at, "Bo Reed", address="1 Mill Lane\nEly\nCB7 4AA")
    others = [fault(at, name) for name in ("Cy Cole", "Di Dale", "Ed Ely")]
    row = outage(at, areas="CB7")
    mine = CaseRow.objects.filter(provider=at.provider)
    assert [n.row.pk for n in outages.near(row, mine)] == [likely.pk, others[-1].pk]
    for case in (likely, others[-1]):
        link(case, row)
    assert [n.row.pk for n in outages.near(row, mine)] == [others[1].pk, others[0].pk], "the next have room"


@of("netservers")
def test_another_outage_is_found_however_many_were_opened_since(
    at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outages, "SHOWN", 1)
    first = outage(at, areas="CB7")
    outage(at, "No phone in Ayr", since=NOON, areas="KA7")
    found = outages.another(at.provider.pk, outages.Said("No broadband", SINCE, "we", areas="CB7"))
    assert found is not None
    assert found.number == first.number


@of("netservers")
def test_it_is_counted_of_every_linked_case_which_way_its_customer_would_be_written(
    at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outage_views, "SHOWN", 0)
    row = outage(at)
    link(fault(at), row)
    link(fault(at, "Cy Cole", email="", address="1 Mill Lane\nEly\nCB7 4AA", prefers="letter"), row)
    link(fault(at, "Di Dale", email="", phone="01632 960999", prefers="phone"), row)
    shut = fault(at, "Ed East")
    link(shut, row)
    CaseRow.objects.filter(pk=shut.pk).update(is_open=False)
    counted = [(str(said), count) for said, count in outage_views._ways(row)]
    assert counted == [("by email", 1), ("by post", 1), ("no written way", 1), ("closed: not written", 1)]


@of("netservers")
def test_every_case_of_a_large_outage_comes_to_its_refund(
    at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outage_views, "SHOWN", 1)
    row, cases = many(at, 2)
    over(row)
    mia = at.visitor("manager")
    page = mia.get(at.at(f"outages/{row.number}/refunds"))
    said = {"price": "30.00", "words": "We are sorry.", "beyond": "no", "looked_at": "We looked at it."}
    first = mia.press(page, "Work them out", **said)
    assert (cases[0].reference in first.main, cases[1].reference in first.main) == (True, False)
    assert "More cases are linked" in first.main
    second = mia.press(first, "Look at the next")
    assert (cases[0].reference in second.main, cases[1].reference in second.main) == (False, True)
    assert "More cases are linked" not in second.main


@of("netservers")
def test_one_case_on_which_the_program_fails_stops_no_other(
    at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, (first, *rest) = many(at, 3)
    queued(row)
    real = outage_runs.do

    def fails(d: Docket, hand: CaseInHand, *more: Any) -> tuple[str, int]:
        if hand.row.pk == first.pk:
            raise ZeroDivisionError
        return real(d, hand, *more)

    monkeypatch.setattr(outage_runs, "do", fails)
    outage_runs.work(NOON)
    states = {turn.case_id: turn.state for turn in OutageTurn.objects.all()}
    assert states == {first.pk: "not done", **{x.pk: "done" for x in rest}}


# --- Refunds ---------------------------------------------------------------------------------------------------------


@of("netservers")
def test_two_outages_over_the_same_hours_are_paid_once(at: Office) -> None:
    """S-outage: the second pays only for the hours that the first did not."""
    row = fault(at)
    of_the_book(at, row)
    one, two = outage(at), outage(at, "No broadband in Soham")
    link(row, one)
    link(row, two)
    settle(at, over(one), row)
    assert refunded(row) == 155
    longer = over(two, london("2026-11-04 07:00"))
    assert settle(at, longer, row, now=london("2026-11-04 08:00"))[row.pk].pence == 52, "12 of 48 hours"
    again = settle(at, longer, row, now=london("2026-11-04 09:00"))[row.pk]
    assert (again.state, again.result) == ("not done", "All of that time was refunded before")
    assert refunded(row) == 207


@of("netservers")
def test_a_refund_of_the_fault_itself_is_left_out_whatever_the_service_was_called(at: Office) -> None:
    """S-outage: twelve hours were refunded on the case, as "the internet"; the outage pays for the other twenty-four."""
    row, one = fault(at), outage(at)
    of_the_book(at, row)
    link(row, one)
    covers = json.dumps([["the internet", SINCE.isoformat(), london("2026-11-02 19:00").isoformat()]])
    with held(row) as (_, hand):
        hand.add(
            f.AwardPrepared(
                at=NOON, logged=NOON, by="7", award="1", award_kind="refund", basis="refund of what was paid",
                clause="A-evidence", pence=52, covers=covers,
            )
        )  # fmt: skip
    assert settle(at, over(one), row)[row.pk].pence == 104


@of("netservers")
def test_one_service_on_two_cases_is_refunded_on_one_of_them(at: Office) -> None:
    """S-outage: she reported it twice; both cases are linked, and it is paid once. Another service of hers is another."""
    first, second, third = fault(at), fault(at), fault(at)
    service = of_the_book(at, first)
    belongs(second, service)
    of_the_book(at, third, name="Phone line", pence=1000, whose=service.customer)
    one = outage(at)
    for row in (first, second, third):
        link(row, one)
    turns = settle(at, over(one), first, second, third)
    assert [turns[x.pk].pence for x in (first, second, third)] == [155, 0, 50]
    assert turns[second.pk].result == "All of that time was refunded before"


@of("netservers")
def test_a_refund_by_hand_after_it_is_refused(at: Office) -> None:
    """S-outage: the form on a case knows the hours that the outage paid for, on a complaint too."""
    one = outage(at)
    of_the_book(at, at.row)
    link(at.row, one)
    settle(at, over(one), at.row)
    assert refunded(at.row) == 155
    set_now(london("2026-11-04 09:00").isoformat())
    page = at.do(
        "refund", "Add it to the outcome", service="Broadband", starts_day="2026-11-02", starts_time="07:00",
        ends_day="2026-11-03", ends_time="19:00", price="31.00", first="2026-11-01", last="2026-11-30", beyond="no",
        looked_at="the log",
    )  # fmt: skip
    assert "Nothing is owed by this" in page.main, page.words
    assert refunded(at.row) == 155


@of("netservers")
def test_what_is_over_the_limit_waits_in_decide_and_is_owed_when_somebody_agrees(at: Office) -> None:
    """S-outage: £155.00 are over Hana's £50; a director agrees, and it is owed once with all its arithmetic."""
    limited: dict[tuple[str, str], int | None] = {("handler", "credit"): 5000}
    assert set_limits(at.provider, limited, by="9", by_roles=["director"], now=NOON) is None
    row, one = fault(at), outage(at)
    of_the_book(at, row, pence=310_000)
    link(row, one)
    turn = settle(at, over(one), row)[row.pk]
    assert turn.result == "£155 wait in Decide: over the limit"
    assert refunded(row) == 0
    assert ApprovalRow.objects.get(case=row).deed == "award"
    director = at.visitor("director")
    page = director.get(at.at("decide"))
    assert (
        "£155 on a case without an outcome: Refund of Fibre 80 for the time without it (outage 1)"
        in page.main
    )
    page = director.get(at.at(f"cases/{row.reference}/decide-request"))
    director.press(page, "Save the decision", approval=folded(row).approvals[0].id, agree="yes")
    (award,) = folded(row).awards
    assert (award.pence, award.stands) == (15_500, Stand.OWED)
    assert award.sum is not None
    assert "× 2,160 ÷ 43,200" in award.sum.said()[1]
    note = Outgoing.objects.get(case=row, letter="credit-note").text
    assert "We are paying you money back: £155." in note, "the customer is told as it comes to be owed"
    assert settle(at, Outage.objects.get(), row)[row.pk].result == "All of that time was refunded before"


@of("netservers")
def test_on_a_complaint_it_is_offered_and_nothing_that_waits_is_overtaken(at: Office) -> None:
    """S-outage: an outcome leaves with it; where one waits for its answer, it is part of the next."""
    one, two = outage(at), outage(at, "No phones", since=london("2026-11-03 19:00"))
    of_the_book(at, at.row)
    link(at.row, one)
    link(at.row, two)
    assert settle(at, over(one), at.row)[at.row.pk].result == "£1.55 offered"
    offer = Outgoing.objects.get(case=at.row, letter="outcome")
    assert ("£1.55" in offer.text, offer.lane) == (True, Lane.BULK)
    later = london("2026-11-04 19:00")
    assert (
        settle(at, over(two, later), at.row, now=later)[at.row.pk].result
        == "£1.04 are part of the next outcome"
    )
    assert [a.stands for a in folded(at.row).awards] == [Stand.OFFERED, Stand.PREPARED]


# --- What cannot be --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"since_day": "2026-11-02", "since_time": "13:00"}, "The outage has not begun yet"),
        ({"numbers": "nonsense"}, "is no telephone number"),
        ({"said_by": ""}, "Write who said so, and how."),
    ],
)
@of("netservers")
def test_an_outage_that_cannot_be_is_not_opened(at: Office, filled: dict[str, str], said: str) -> None:
    hana = at.visitor()
    right = {"what": "No phones", "since_day": "2026-11-02", "since_time": "07:00", "said_by": "the supplier"}
    page = hana.press(hana.get(at.at("outages/open")), "Open it", **{**right, **filled})
    assert any(said in mistake for mistake in page.mistakes), page.mistakes
    assert not Outage.objects.exists()
    assert hana.press(hana.get(at.at("outages/open")), "Open it", **right).address == at.at("outages/1")


@of("netservers")
def test_a_second_outage_of_one_service_names_the_first_and_is_opened_only_on_purpose(at: Office) -> None:
    outage(at, services="Fibre 80")
    hana = at.visitor()
    said = {
        "what": "Fibre is slow", "since_day": "2026-11-02", "since_time": "09:00", "said_by": "x", "services": "fibre  80",
    }  # fmt: skip
    page = hana.press(hana.get(at.at("outages/open")), "Open it", **said)
    assert any("There is outage 1 (No broadband in Ely)" in mistake for mistake in page.mistakes)
    assert Outage.objects.count() == 1
    page = hana.press(page, "Open it", **said, another="on")
    assert Outage.objects.count() == 2


@pytest.mark.parametrize(
    ("day", "time", "said"),
    [
        ("2026-11-02", "06:00", "The outage ends before it starts"),
        ("2026-11-02", "18:00", "That moment is still to come"),
    ],
)
@of("netservers")
def test_an_end_that_cannot_be_is_refused(at: Office, day: str, time: str, said: str) -> None:
    row, hana = outage(at), at.visitor()
    page = hana.press(hana.get(at.at("outages/1/end")), "Write the end down", until_day=day, until_time=time)
    assert any(said in mistake for mistake in page.mistakes)
    assert Outage.objects.get(pk=row.pk).until is None


@of("netservers")
def test_a_closed_case_and_one_of_another_provider_are_not_linked(at: Office) -> None:
    """Each is named with its reason, and the others of the same press are linked."""
    row, good, shut = outage(at), fault(at), fault(at, "Di Low")
    with held(shut) as (_, hand):
        hand.add(f.CaseClosed(at=NOON, logged=NOON, evidence="request carried out"))
    other = Office("opus")
    strange = fault(other, "Ed Low")
    hana = at.visitor()
    page = hana.get(at.at("outages/1"))
    page = hana.press(page, "Link those that are ticked", cases=[str(good.pk), str(shut.pk), str(strange.pk)])
    assert "1 case linked." in page.words
    assert "The case is closed" in page.words
    assert "none of this provider’s" in page.words
    assert list(outages.linked(row)) == [good]
    with held(strange) as (_, hand):
        refusal = outages.link(hand, row, HANA, NOON)
    assert refusal is not None
    assert refusal.what == "That is a case of another provider"
    assert Office.visitor(other).get(f"/desk/{at.slug}/outages/1").status == 404


@of("netservers")
def test_two_outages_over_the_same_hours_are_named_when_a_case_is_linked_to_both(at: Office) -> None:
    one, two, row = outage(at), outage(at, "No phones"), fault(at)
    link(row, one)
    hana = at.visitor()
    page = hana.press(
        hana.get(at.at(f"outages/{two.number}")), "Link those that are ticked", cases=[str(row.pk)]
    )
    assert f"{row.reference} is linked to outage 1 (No broadband in Ely)" in page.words
    assert "count once" in page.words


@of("netservers")
def test_an_agent_links_and_only_reads_the_rest(at: Office) -> None:
    outage(at)
    assert at.visitor("agent").get(at.at("outages/1")).status == 200
    assert at.visitor("agent").get(at.at("outages/1/tell")).status == 403
    assert at.visitor("handler").get(at.at("outages/1/tell")).status == 200
