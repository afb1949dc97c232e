"""A number moves: asked about, refused with its reason, given a day, moved late, and credited once.

N-port-out, N-port-deals, N-port-in, F-porting. The other kinds of case are in test_care.
"""

from __future__ import annotations

import pytest
from pytest_django import Settings

from amends.core.awards import Stand
from amends.core.case import State
from amends.core.duties import Action
from amends.core.kinds import CaseKind
from amends.desk import limits
from amends.desk.customers import numbers
from amends.desk.models import AuditEntry, PortRule
from amends.desk.now import set_now
from tests.desk.made import london
from tests.desk.office import NOON, Office, clock
from tests.desk.test_care import folded, newest, opened, owed, step
from tests.desk.visitor import Page

pytestmark = pytest.mark.django_db

PORT = {"p_way": "away from us", "p_numbers": "020 7946 0000-0009", "p_partner": "Blue Telecom"}
REASON = "The network of that country gives no numbers away."


@pytest.fixture(name="focus")
def _focus(settings: Settings) -> Office:
    clock(settings)
    return Office("focus-group")


@pytest.fixture(name="netfuse")
def _netfuse(settings: Settings) -> Office:
    clock(settings)
    return Office("netfuse")


def ruled(at: Office, **said: str) -> Page:
    """The page after somebody who keeps the desk has written a rule down."""
    visitor = at.visitor("compliance")
    page = visitor.get(at.at("provider/porting"))
    return visitor.press(
        page, "Write the rule down", **{"since": "2026-01-01", "moves": "yes", "start": "020", **said}
    )


def test_a_caller_asks_whether_a_number_can_move_and_hears_the_reason_why_not(netfuse: Office) -> None:
    """N-port-in: whether a number can come is answered on request, from the rules."""
    page = ruled(netfuse, start="+1", moves="no", why=REASON)
    assert page.status == 200, page.mistakes
    ruled(netfuse, start="07", partner="Blue Telecom")
    visitor = netfuse.visitor("agent")
    page = visitor.get(netfuse.at("provider/porting"))
    page = visitor.press(
        page,
        "Look",
        numbers="+1 212 555 0100\n07700 900123\n01632 960001",
        way="to us",
        partner="blue telecom",
    )
    assert f"+1 212-555-0100: it cannot move: {REASON}" in page.main
    assert "07700 900123: it can move" in page.main
    assert "01632 960001: no rule speaks of it" in page.main
    page = visitor.press(page, "Look", numbers="12", way="to us")
    assert any("not a number that can be dialled" in m for m in page.mistakes), page.mistakes


@pytest.mark.parametrize(
    ("said", "mistake"),
    [
        ({"moves": "no"}, "needs its technical reason"),
        ({"start": "abc"}, "is no beginning of a number"),
        ({"start": "+"}, "is no beginning of a number"),
        ({"start": "1" * 16}, "is no beginning of a number"),
        ({"since": ""}, "Give its first day."),
        ({"since": "0001-01-01"}, "That year cannot be right."),
        ({"start": "+44 20 "}, "There is a rule for these numbers already"),
    ],
)
def test_a_rule_that_cannot_be_is_told_at_its_box_and_not_kept(
    netfuse: Office, said: dict[str, str], mistake: str
) -> None:
    ruled(netfuse)
    page = ruled(netfuse, **said)
    assert page.status == 422
    assert any(mistake in m for m in page.mistakes), page.mistakes
    assert (PortRule.objects.get().start, PortRule.objects.get().beginning) == ("4420", "020…")


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("+1 212-555-0100", 12125550100, 12125550100),
        ("+1 212-555-0100-0109", 12125550100, 12125550109),
        ("+1 212-555-0100 to +1 212-555-0109", 12125550100, 12125550109),
        ("+44 20 7946 0000-0009", 442079460000, 442079460009),
    ],
)
def test_numbers_abroad_keep_their_own_hyphens_and_are_read_again_as_they_are_shown(
    words: str, first: int, last: int
) -> None:
    (found,) = numbers.ranges(words)
    assert (found.first, found.last) == (first, last)
    assert numbers.ranges(found.shown) == (found,)


def test_a_rule_ends_and_stands_in_the_audit(netfuse: Office) -> None:
    ruled(netfuse, moves="no", why=REASON)
    visitor = netfuse.visitor("compliance")
    visitor.press(visitor.get(netfuse.at("provider/porting")), "End it")
    rule = PortRule.objects.get()
    assert rule.until is not None
    assert rule.until.isoformat() == "2026-11-02"
    assert list(AuditEntry.objects.filter(what__startswith="porting").values_list("what", flat=True)) == [
        "porting rule added", "porting rule ended"
    ]  # fmt: skip
    page = visitor.press(visitor.get(netfuse.at("provider/porting")), "Look", numbers="020 7946 0000")
    assert "no rule speaks of it" in page.main


def test_a_number_that_cannot_move_is_given_no_day_and_the_customer_is_told_why(netfuse: Office) -> None:
    """N-port-out: a refusal has its technical reason."""
    ruled(netfuse, moves="no", why=REASON)
    visitor, page = opened(netfuse, CaseKind.PORT, PORT)
    assert page.status == 200, page.mistakes
    row = newest()
    assert f"020 7946 0000 to 020 7946 0009: it cannot move: {REASON}" in page.main
    assert next(d for d in owed(row) if d.action is Action.STEP).clause == "N-port-deals"
    form = visitor.get(netfuse.at(f"cases/{row.reference}/step"))
    assert REASON in form.main, "the letter is there already"
    step(visitor, netfuse, row)
    page = visitor.get(netfuse.at(f"cases/{row.reference}/step"))
    page = visitor.press(page, "Go on", how="done", p_agreed="2026-11-20")
    assert "020 7946 0000 to 020 7946 0009 cannot move" in page.main
    assert "gives no numbers away (N-port-deals)" in page.main
    assert [t.step for t in folded(row).steps_taken] == ["checked"]
    assert "2026-11-20" not in folded(row).particulars, "nothing half done"
    for _ in range(3):
        step(visitor, netfuse, row, "not needed", words="It cannot move.")
    assert folded(row).state is State.CLOSED


@pytest.mark.parametrize(
    ("taken", "said", "mistake"),
    [
        (1, {}, "Give the day that is agreed."),
        (1, {"p_agreed": "2026-11-01"}, "is over"),
        (2, {"p_moved": "2026-11-03"}, "is still to come"),
        (2, {}, "Give the day on which it moved."),
    ],
)
def test_a_day_that_cannot_be_is_not_kept(
    netfuse: Office, taken: int, said: dict[str, str], mistake: str
) -> None:
    visitor, _ = opened(netfuse, CaseKind.PORT, PORT)
    row = newest()
    step(visitor, netfuse, row)
    if taken == 2:
        step(visitor, netfuse, row, p_agreed="2026-11-20")
    before = folded(row).particulars
    page = visitor.press(visitor.get(netfuse.at(f"cases/{row.reference}/step")), "Go on", how="done", **said)
    assert mistake in page.main
    assert (len(folded(row).steps_taken), folded(row).particulars) == (taken, before)


def test_a_late_move_is_counted_in_days_and_credited_once(focus: Office) -> None:
    visitor, page = opened(focus, CaseKind.PORT, {**PORT, "p_way": "to us"})
    assert page.status == 200, page.mistakes
    row = newest()
    step(visitor, focus, row)
    step(visitor, focus, row, p_agreed="2026-11-09")
    due = next(d for d in owed(row) if d.action is Action.STEP)
    assert (due.what, due.due) == ("Move it on its day", london("2026-11-09 00:00"))
    assert not due.late(london("2026-11-09 23:59"))
    assert due.late(london("2026-11-10 00:01"))
    set_now(london("2026-11-12 12:00").isoformat())
    visitor = focus.visitor("director")
    page = visitor.get(focus.at(f"cases/{row.reference}/step"))
    page = visitor.press(page, "Go on", how="done", p_moved="2026-11-12")
    assert "It moved 3 days late" in page.main
    assert "Say whose doing the delay was" in page.main
    step(visitor, focus, row, p_moved="2026-11-12", p_doing="ours")
    page = visitor.get(focus.at(f"cases/{row.reference}"))
    assert "3 days late" in page.main
    form = visitor.get(focus.at(f"cases/{row.reference}/port-credit"))
    said = {"sum": "15", "why": "£5 a day", "beyond": "no", "looked_at": "Our order was late."}
    page = visitor.press(form, "Owe it now", **said)
    assert page.status == 200, page.mistakes
    (award,) = folded(row).awards
    assert (award.pence, award.clause, award.stands) == (1500, "F-porting", Stand.OWED)
    assert any(d.action is Action.HAND_OVER for d in owed(row, london("2026-11-12 12:00")))
    page = visitor.press(visitor.get(focus.at(f"cases/{row.reference}/port-credit")), "Owe it now", **said)
    assert any("nothing is paid twice" in m for m in page.mistakes), page.mistakes
    assert len(folded(row).awards) == 1


def test_a_credit_beyond_what_one_decides_alone_waits_in_decide_and_is_owed_once_agreed(
    focus: Office,
) -> None:
    """F-porting: the sum is a person's; over their limit a second person's, who sees it with its arithmetic in Decide."""
    visitor, _ = opened(focus, CaseKind.PORT, PORT)
    row = newest()
    step(visitor, focus, row)
    step(visitor, focus, row, p_agreed="2026-11-03")
    set_now(london("2026-11-06 12:00").isoformat())
    wanted: dict[tuple[str, str], int | None] = {("agent", "award"): 1000}
    assert limits.set_limits(focus.provider, wanted, by="9", by_roles=["director"], now=NOON) is None
    visitor = focus.visitor("agent")
    said = {"sum": "900", "why": "Three days", "beyond": "no", "looked_at": "The order.", "moved": ""}
    address = focus.at(f"cases/{row.reference}/port-credit")
    page = visitor.press(visitor.get(address), "Owe it now", **said)
    assert "it waits under Decide, and nothing of it is done yet" in page.words
    assert "It is owed from now on" not in page.words
    assert folded(row).awards == ()
    assert "An award waits for a decision" in visitor.get(address).main
    (asked,) = folded(row).approvals
    assert (asked.deed, asked.amount, asked.clause) == ("award", 90000, "F-porting")
    mia = focus.visitor("manager")
    decide = mia.get(focus.at("decide"))
    assert "£900 on a case without an outcome: Your number moved late" in decide.main
    done = mia.press(
        mia.get(focus.at(f"cases/{row.reference}/decide-request")),
        "Save the decision",
        approval=asked.id,
        agree="yes",
    )
    assert done.status == 200, done.mistakes
    (award,) = folded(row).awards
    assert (award.pence, award.clause, award.stands) == (90000, "F-porting", Stand.OWED)


def test_what_lay_beyond_our_control_is_owed_nothing_and_a_fault_has_no_such_credit(focus: Office) -> None:
    visitor, _ = opened(focus, CaseKind.PORT, PORT)
    row = newest()
    step(visitor, focus, row)
    step(visitor, focus, row, p_agreed="2026-11-03")
    set_now(london("2026-11-06 12:00").isoformat())
    visitor = focus.visitor()
    said = {"sum": "9", "why": "Three days", "beyond": "yes", "looked_at": "The order.", "moved": ""}
    page = visitor.press(visitor.get(focus.at(f"cases/{row.reference}/port-credit")), "Owe it now", **said)
    assert any("The delay was not our doing" in m for m in page.mistakes), page.mistakes
    page = opened(focus, CaseKind.PORT, PORT)[1]
    assert "No day of the move is agreed yet" in visitor.get(f"{page.address}/port-credit").main
    assert "no case of a move" in visitor.get(focus.case_at("port-credit")).main
