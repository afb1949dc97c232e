"""Putting a wrong right, from the sum that is worked out to the bill that shows it, under each provider's own code."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from amends.core import awards
from amends.core import facts as f
from amends.core.awards import Award, AwardKind, Basis, Stand
from amends.core.duties import duties
from amends.core.may import Refusal
from amends.core.redress import porting
from amends.core.redress.compensation import DelayedRepair, MissedAppointment
from amends.core.redress.sums import Sum
from amends.desk import actions, approvals, billing, erasure, limits, redress
from amends.desk.actions import Actor
from amends.desk.models import (
    Alarm,
    AuditEntry,
    AwardRow,
    BilledAward,
    BillingBatch,
    CaseRow,
    Outgoing,
    Provider,
)
from amends.desk.record import docket
from amends.desk.redress import Given
from amends.desk.refold import refold
from tests.desk.made import MONDAY, case, london, provider
from tests.desk.office import NOON, Office, clock

pytestmark = pytest.mark.django_db
HANA = Actor("7", "Hana", "handler")
MIA = Actor("8", "Mia", "manager")
ON_THE_PHONE = "recorded by a person"


class Matter:
    """One complaint under one provider's code, and what is done to it."""

    def __init__(self, name: str = "example", **customer: Any) -> None:
        self.provider: Provider = provider(name)
        known = {"name": "Ann Archer", "email": "ann@example.org", "customer_kind": "residential", **customer}
        self.row: CaseRow = case(self.provider, MONDAY, known)
        self.now: datetime = NOON

    def done(
        self, act: Any, *args: Any, by: Actor = HANA, written: bool = False, **said: Any
    ) -> Refusal | None:
        """What the desk says to an action."""
        with docket(self.row.pk, now=self.now) as d:
            hand = d.cases[self.row.pk]
            refusal: Refusal | None = act(*((d, hand) if written else (hand,)), by, self.now, *args, **said)
            if refusal is not None:
                transaction.set_rollback(False)
        return refusal

    def ok(self, act: Any, *args: Any, **said: Any) -> None:
        """An action that is taken."""
        assert self.done(act, *args, **said) is None

    @property
    def case(self) -> Any:
        """The case as it stands."""
        with docket(self.row.pk, now=self.now) as d:
            return d.cases[self.row.pk].case

    @property
    def owed(self) -> dict[str, Any]:
        """What is owed on it."""
        with docket(self.row.pk, now=self.now) as d:
            hand = d.cases[self.row.pk]
            return {x.id: x for x in duties(hand.case, hand.book, self.now)}

    def stands(self, award: int = 1) -> Stand:
        """Where an award stands now."""
        return self.awards[award - 1].stands

    @property
    def awards(self) -> list[Award]:
        """What was given."""
        return list(self.case.awards)

    def goodwill(self, pence: int, clause: str = "", **more: Any) -> Given:
        """A credit at somebody's discretion."""
        with docket(self.row.pk, now=self.now) as d:
            clause = clause or awards.paid_clause(d.cases[self.row.pk].book, AwardKind.CREDIT)
        sum_ = redress.goodwill(pence, "Two evenings on the line", clause)
        said = {"beyond_control": False, "looked_at": "The log of 1 November", **more}
        return Given(
            AwardKind.CREDIT, said.pop("basis", Basis.GOODWILL), "Two evenings on the line", sum_, **said
        )

    def proposed(self, words: str = "We are sorry.", by: Actor = HANA) -> None:
        self.ok(actions.propose, words=words, written=True, by=by)

    def accepted(self) -> None:
        self.ok(
            actions.answer, accepted=True, how=ON_THE_PHONE, words="Yes, on the phone at noon.", written=True
        )

    def refused(self) -> None:
        self.ok(actions.answer, accepted=False, how=ON_THE_PHONE, words="No, on the phone.", written=True)

    def batch(self) -> BillingBatch:
        made = billing.hand_over(self.provider, "7", self.now)
        assert made is not None
        return made

    def letters(self, kind: str) -> list[str]:
        found = Outgoing.objects.filter(case=self.row, letter=kind).order_by("pk")
        return [" ".join(text.split()) for text in found.values_list("text", flat=True)]


def test_opus_a_credit_is_offered_owed_on_acceptance_handed_over_once_and_chased_until_the_bill_shows_it() -> (
    None
):
    """O-compensation, O-credit: looked at on its own facts, paid as a credit on the monthly invoice."""
    opus = Matter("opus", account="OP-77")
    opus.ok(redress.prepare, opus.goodwill(2500))
    assert [(a.stands, a.clause) for a in opus.awards] == [(Stand.PREPARED, "O-compensation")]
    opus.proposed()
    assert opus.stands() is Stand.OFFERED
    told = opus.letters("outcome")[0]
    assert (told.count("£25"), told.count("Two evenings on the line")) == (1, 1), (
        "a plain credit is said once"
    )
    assert "Credit on the monthly invoice, or as agreed" in opus.letters("outcome")[0]
    assert AwardRow.objects.count() == 0, "what is offered is nobody's money yet"

    opus.accepted()
    assert opus.case.closed is not None
    duty = opus.owed["award:1"]
    assert (duty.what, duty.clause) == ("Hand £25 over to billing (award 1)", "O-compensation")
    assert "You will have it by Wednesday 2 December 2026." in opus.letters("closed")[0]

    batch = opus.batch()
    number = f"{opus.row.reference}-A1"
    assert (batch.number, batch.count, batch.pence) == (1, 1, 2500)
    rows = list(csv.DictReader(io.StringIO(billing.as_csv(batch).decode("utf-8-sig"))))
    assert [(r["Number"], r["Account"], r["Pounds"], r["Clause"]) for r in rows] == [
        (number, "OP-77", "25.00", "O-compensation")
    ]
    assert billing.hand_over(opus.provider, "7", opus.now) is None, "nothing is handed over twice"
    assert opus.owed["award:1"].what == "See that a bill shows £25 (award 1)"
    assert opus.owed["award:1"].due == london("2026-12-02 00:00")
    opus.now += timedelta(days=31)
    assert opus.owed["award:1"].late(opus.now), "it is chased"

    answers, wrong = billing.read_answers(f"Number,Result,Bill\r\n{number},applied,INV-9\r\n".encode())
    assert not wrong
    assert billing.answered(opus.provider, answers, HANA, opus.now) == (1, ())
    assert opus.stands() is Stand.GIVEN
    assert "award:1" not in opus.owed
    assert "on bill INV-9" in opus.letters("credit-note")[0]
    assert billing.answered(opus.provider, answers, HANA, opus.now) == (0, ()), "the same file may come twice"
    unknown, _ = billing.read_answers(b"Number,Result,Bill\r\nX\x00,applied,INV\x00-9\r\n")
    assert "has the number X." in billing.answered(opus.provider, unknown, HANA, opus.now)[1][0].what
    assert len(opus.letters("credit-note")) == 1


def test_netfuse_refunds_the_time_without_service_and_never_the_same_minute_twice(settings: Settings) -> None:
    """N-refund, played on the pages: the arithmetic is seen before it is kept."""
    clock(settings)
    office = Office("netfuse")
    filled = {
        "service": "Line 1", "starts_day": "2026-10-05", "starts_time": "00:00", "ends_day": "2026-10-08",
        "ends_time": "00:00", "price": "44.70", "first": "2026-10-01", "last": "2026-10-31", "beyond": "no",
        "looked_at": "The fault log",
    }  # fmt: skip
    page = office.do("refund", "Show the arithmetic", **filled)
    assert "It comes to £4.32" in page.main  # 72 hours at 6p
    assert "4,320 minutes of 44,700 minutes" in page.main
    assert office.case().awards == (), "seeing it keeps nothing"
    early = office.do("refund", "Show the arithmetic", **{**filled, "ends_day": "2026-11-03"})
    assert "That moment is still to come. Refund what is over" in early.main
    assert "It comes to" not in early.main
    office.do("refund", "Add it to the outcome", **filled)
    assert [(a.pence, a.clause, a.basis) for a in office.case().awards] == [(432, "N-refund", Basis.REFUND)]
    again = office.do("refund", "Add it to the outcome", **filled)
    assert "3 days of it was refunded before" in again.main
    assert len(office.case().awards) == 1
    office.do("propose", "Send the outcome", words="We refund the three days.")
    office.do("answer", "Record the answer", accepted="yes", words="Yes, she said on the phone.")
    money = office.visitor().get(office.at("money"))
    assert "£4.32" in money.main
    assert office.row.reference in money.main
    done = office.visitor()
    batch = done.press(done.get(office.at("money")), "Hand these over to billing")
    assert batch.h1 == "Batch 1: £4.32"
    csv_file = next(link for link in batch.links if link.endswith("csv"))
    assert done.client.get(csv_file).status_code == 200
    told = AuditEntry.objects.get(provider=office.provider, what="billing batch exported")
    assert (told.by, told.detail) == (str(office.people["handler"].pk), {"batch": 1})
    assert "With billing" in batch.main
    office.do("award", "Save", award="1", fate="given", why="INV-10")
    assert office.case().awards[0].stands is Stand.GIVEN
    note = Outgoing.objects.get(case=office.row, letter="credit-note").text
    assert "on bill INV-10" in " ".join(note.split())


def test_netfuse_a_refund_above_what_was_paid_says_so_at_its_box(settings: Settings) -> None:
    clock(settings)
    office = Office("netfuse")
    page = office.do(
        "refund-paid", "Add it to the outcome", words="October was billed twice", paid="28.99", back="29.00", beyond="no",
        looked_at="Both bills",
    )  # fmt: skip
    assert page.status == 422
    assert "A refund gives back what was paid: that was £28.99 (N-refund). Give £28.99 or less" in page.main
    assert page.doc.xpath('//*[@id="id_back"]/@aria-invalid') == ["true"]
    assert office.case().awards == ()


def test_focus_pays_nothing_by_itself_and_nothing_for_what_lay_beyond_its_control() -> None:
    """F-no-automatic, F-beyond-control, F-porting."""
    focus = Matter("focus-group", customer_kind="small-business", headcount=4)
    event = MissedAppointment(london("2026-10-20 10:00"))
    refusal = focus.done(redress.compensate, event, written=True)
    assert refusal is not None
    assert refusal.clause == "AC-R10"
    sum_ = porting.credit(
        porting.Port(date(2026, 10, 1), date(2026, 10, 4)), date(2026, 11, 2), "F-porting", decided=Decimal(30),
        why="Three days on which nobody could call",
    )  # fmt: skip
    assert isinstance(sum_, Sum)
    late = Given(AwardKind.CREDIT, Basis.LATE_PORT, "Your number moved late", sum_)
    said = focus.done(redress.prepare, late)
    assert said is not None
    assert said.what == "Nobody has said whether it lay beyond our control"
    beyond = Given(
        AwardKind.CREDIT, Basis.LATE_PORT, "Your number moved late", sum_, beyond_control=True,
        looked_at="The losing network's own outage",
    )  # fmt: skip
    said = focus.done(redress.prepare, beyond)
    assert said is not None
    assert "owed nothing" in said.what
    ours = Given(
        AwardKind.CREDIT,
        Basis.LATE_PORT,
        "Your number moved late",
        sum_,
        beyond_control=False,
        looked_at="Our own order log",
    )
    focus.ok(redress.prepare, ours)
    focus.proposed()
    text = focus.letters("outcome")[0]
    assert "3 days late" in text
    assert "Credit to the account" in text
    focus.accepted()
    assert focus.owed["award:1"].clause == "F-porting"
    assert (focus.awards[0].looked_at, focus.awards[0].by) == ("Our own order log", "7")


def test_a_repair_that_is_still_to_come_is_none_yet(settings: Settings) -> None:
    clock(settings)
    office = Office("netfuse")
    redress.sign(office.provider, date(2026, 1, 1), None, by="7", now=NOON)
    said = {"event": "repair", "begins_day": "2026-10-26", "begins_time": "09:00"}
    early = office.do("compensation", "Show the arithmetic", **said, ends_day="2026-11-03", ends_time="09:00")
    assert "That moment is still to come. Leave it empty while it lasts." in early.main
    assert "It comes to" not in early.main
    assert "still to come" not in office.do("compensation", "Show the arithmetic", **said).main


def test_a_provider_that_signed_owes_a_late_repair_at_once_and_no_day_of_it_twice() -> None:
    signed = Matter()
    redress.sign(signed.provider, date(2026, 1, 1), None, by="7", now=NOON)
    early = DelayedRepair(london("2026-10-26 09:00"))  # a Monday: Thursday is the first day that is paid
    signed.ok(redress.compensate, early, written=True)
    assert [(a.pence, a.stands, a.pay_by) for a in signed.awards] == [
        (5 * 1034, Stand.OWED, date(2026, 11, 28))
    ]
    note = signed.letters("credit-note")[0]
    assert "We owe you automatic compensation: £51.70." in note
    assert (
        "5 days (Thursday 29 October 2026 to Monday 2 November 2026) at £10.34 a day (AC-26): £51.70" in note
    )
    assert "sources" not in note, "how sure we are of a rule is no matter for the customer"
    signed.now += timedelta(days=2)
    mended = DelayedRepair(london("2026-10-26 09:00"), london("2026-11-04 10:00"))
    signed.ok(redress.compensate, mended, written=True)
    assert [a.pence for a in signed.awards] == [5170, 2 * 1034]
    refusal = signed.done(redress.compensate, mended, written=True)
    assert refusal is not None
    assert "paid before" in refusal.what
    assert sum(r.pence for r in billing.waiting(signed.provider.pk)) == 7 * 1034


def answered(desk: Matter, by: Actor, *, agree: bool, why: str = "") -> Refusal | None:
    """Somebody decides about what waits."""
    asked = next(a for a in desk.case.approvals if a.waits)
    return desk.done(approvals.answer, written=True, by=by, approval=asked.id, agree=agree, why=why)


def test_a_sum_above_a_limit_waits_for_a_second_person() -> None:
    desk = Matter("opus")
    wanted: dict[tuple[str, str], int | None] = {("handler", "award"): 2000}
    assert limits.set_limits(desk.provider, wanted, by="9", by_roles=["director"], now=NOON) is None
    desk.ok(redress.prepare, desk.goodwill(2001))
    desk.proposed("We credit £20.01.")
    assert desk.case.open_outcome is None
    assert desk.letters("outcome") == []
    waits = desk.done(redress.prepare, desk.goodwill(100))
    assert waits is not None
    assert "waits for a decision" in waits.what
    assert answered(desk, HANA, agree=True) is not None, "nobody approves what they asked for themselves"
    assert answered(desk, MIA, agree=True) is None
    outcome: Any = desk.case.open_outcome
    assert (outcome.words, outcome.credit_pence) == ("We credit £20.01.", 2001)
    assert len(desk.letters("outcome")) == 1


def test_a_further_credit_that_waited_is_given_as_it_was_asked_for() -> None:
    desk = Matter("opus")
    assert (
        limits.set_limits(
            desk.provider, {("handler", "award"): 1000}, by="9", by_roles=["director"], now=NOON
        )
        is None
    )
    desk.ok(redress.prepare, desk.goodwill(800))
    desk.ok(actions.propose, words="We are sorry.", given=desk.goodwill(300), written=True)
    assert len(desk.awards) == 1, "what waits is not worked out yet"
    assert answered(desk, MIA, agree=True) is None
    assert [(a.pence, a.words, a.looked_at, a.basis) for a in desk.awards] == [
        (800, "Two evenings on the line", "The log of 1 November", Basis.GOODWILL),
        (300, "Two evenings on the line", "The log of 1 November", Basis.GOODWILL),
    ]
    assert desk.case.outcomes[-1].credit_pence == 1100


def test_a_second_person_who_says_no_leaves_it_to_be_worked_out_anew() -> None:
    desk = Matter("opus")
    assert (
        limits.set_limits(desk.provider, {("handler", "award"): 0}, by="9", by_roles=["director"], now=NOON)
        is None
    )
    desk.ok(redress.prepare, desk.goodwill(5000))
    desk.proposed()
    assert answered(desk, MIA, agree=False, why="Half of it would be right.") is None
    assert desk.stands() is Stand.PREPARED
    desk.ok(redress.became, award="1", fate="withdrawn", why="Half of it", written=True)
    assert desk.stands() is Stand.WITHDRAWN


def test_what_is_refused_or_replaced_is_owed_to_nobody() -> None:
    desk = Matter()
    desk.ok(redress.prepare, desk.goodwill(1000))
    desk.proposed()
    desk.refused()
    assert desk.stands() is Stand.LAPSED
    desk.ok(redress.prepare, desk.goodwill(1500))
    desk.proposed()
    desk.ok(redress.prepare, desk.goodwill(1800))
    desk.proposed("A better one.")
    assert [a.stands for a in desk.awards] == [Stand.LAPSED, Stand.LAPSED, Stand.OFFERED]
    desk.accepted()
    assert [r.pence for r in billing.waiting(desk.provider.pk)] == [1800]


def test_a_credit_that_billing_takes_back_is_raised_and_goes_again_under_another_number() -> None:
    desk = Matter()
    desk.ok(actions.propose, words="We are sorry.", credit_pence=1200, written=True)
    desk.accepted()
    first = desk.batch()
    desk.ok(redress.became, award="1", fate="given", why="Bill 4", written=True)
    desk.ok(redress.became, award="1", fate="reversed", why="Taken back on bill 5", written=True)
    assert (
        Alarm.objects.get(kind=redress.CAME_BACK, cleared__isnull=True).runbook
        == "Money came back from billing"
    )
    assert "came back from billing" in desk.owed["award:1"].what
    assert billing.hand_over(desk.provider, "7", desk.now) is None, "money in doubt waits for a person"
    desk.ok(redress.became, award="1", fate="again", why="Billing asked for it", written=True)
    assert not Alarm.objects.filter(kind=redress.CAME_BACK, cleared__isnull=True).exists()
    second = desk.batch()
    numbers = [p.number for b in (first, second) for p in b.awards.all()]
    assert numbers == [f"{desk.row.reference}-A1", f"{desk.row.reference}-A1-2"]
    late, _wrong = billing.read_answers(f"Number,Result,Bill\n{numbers[0]},failed,no such account\n".encode())
    count, wrong = billing.answered(desk.provider, late, HANA, desk.now)
    assert count == 0
    assert "under another number" in wrong[0].what


def test_the_database_lets_no_number_be_in_two_batches() -> None:
    desk = Matter()
    desk.ok(actions.propose, words="We are sorry.", credit_pence=1200, written=True)
    desk.accepted()
    batch = desk.batch()
    place = batch.awards.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        BilledAward.objects.create(
            provider=desk.provider,
            batch=batch,
            place=2,
            case=desk.row,
            award="1",
            number=place.number,
            pence=1,
        )


def test_an_action_is_owed_until_somebody_did_it_and_an_apology_is_given_with_the_outcome() -> None:
    desk = Matter()
    visit = Given(AwardKind.ACTION, Basis.GOODWILL, "Move the socket", pay_by=date(2026, 11, 20))
    desk.ok(redress.prepare, visit)
    desk.ok(redress.prepare, Given(AwardKind.APOLOGY, Basis.GOODWILL, "We are sorry for both visits"))
    desk.proposed()
    assert "Move the socket, by Friday 20 November 2026" in desk.letters("outcome")[0]
    desk.accepted()
    assert [a.stands for a in desk.awards] == [Stand.OWED, Stand.GIVEN]
    assert desk.owed["award:1"].due == london("2026-11-20 00:00")
    desk.ok(redress.became, award="1", fate="given", why="Done on the 18th by Tom", written=True)
    assert "award:1" not in desk.owed


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", [1]),
        (b"Number,Result\nX,applied\n", [1]),
        (b"\xff\xfe", [0]),
        (b"Number,Result,Bill\nX,paid,1\n\n,applied,2\nY,failed,\n", [2, 4, 5]),
        (b"Number,Result,Bill\n" + b"X,applied,1\n" * 5001, [0]),
    ],
)
def test_a_file_of_billing_with_bad_lines_names_each(content: bytes, lines: list[int]) -> None:
    _answers, wrong = billing.read_answers(content)
    assert [w.line for w in wrong] == lines


def test_money_rows_can_be_rebuilt_and_a_false_one_is_found() -> None:
    desk = Matter()
    desk.ok(actions.propose, words="We are sorry.", credit_pence=1200, written=True)
    desk.accepted()
    assert not refold(check=True, now=desk.now).wrong
    AwardRow.objects.update(pence=9)
    assert {w.column for w in refold(check=True, now=desk.now).wrong} == {"award 1"}
    refold(check=False, now=desk.now)
    assert AwardRow.objects.get().pence == 1200


def test_a_case_whose_money_is_still_owed_is_not_erased() -> None:
    desk = Matter()
    desk.ok(actions.propose, words="We are sorry.", credit_pence=1200, written=True)
    desk.accepted()
    with docket(desk.row.pk, now=desk.now) as d:
        hand = d.cases[desk.row.pk]
        for letter in hand.case.letters:
            hand.add(f.LetterFate(at=desk.now, logged=desk.now, key=letter.key, fate="sent"))
    refused = erasure.erase_private(CaseRow.objects.get(pk=desk.row.pk), why="asked", by="7", now=desk.now)
    assert isinstance(refused, Refusal)
    desk.batch()
    desk.ok(redress.became, award="1", fate="given", why="Bill 4", written=True)
    with docket(desk.row.pk, now=desk.now) as d:
        hand = d.cases[desk.row.pk]
        hand.add(f.LetterFate(at=desk.now, logged=desk.now, key=hand.case.letters[-1].key, fate="sent"))
    erased = erasure.erase_private(CaseRow.objects.get(pk=desk.row.pk), why="asked", by="7", now=desk.now)
    assert isinstance(erased, erasure.Erased), erased
    assert desk.awards[0].sum is None
    assert billing.as_csv(BillingBatch.objects.get()).count(b"Ann Archer") == 0


def test_the_form_offers_the_visits_that_the_case_knows_and_pays_each_once(settings: Settings) -> None:
    """AC-R3: nobody came. The case knows for when it was agreed: nobody need type it, and no second hour makes it two."""
    clock(settings)
    office = Office("netfuse")
    redress.sign(office.provider, date(2026, 1, 1), None, by="7", now=NOON)
    asked = {
        "service": "Fibre 80",
        "symptoms": "Dead",
        "works": "not at all",
        "hours": "between 8 am and 1 pm",
    }
    with docket(office.row.pk, now=NOON) as d:
        d.cases[office.row.pk].add(
            f.CustomerKnown(at=NOON, logged=NOON, by="7", name="Ann Archer", customer_kind="residential"),
            *(
                f.ParticularsGiven(
                    at=NOON,
                    logged=NOON,
                    channel="phone",
                    by="7",
                    given=json.dumps({**asked, "visit": day}),
                )
                for day in ("2026-10-30", "2026-11-20")
            ),
        )
    page = office.visitor("handler").get(office.case_at("compensation"))
    assert "The engineer’s visit of Friday 30 October 2026, between 8 am and 1 pm, was missed" in page.main
    assert "20 November" not in page.main, "its day is still to come"
    both = office.do(
        "compensation",
        "Show the arithmetic",
        event="visit 2026-10-30",
        begins_day="2026-10-30",
        begins_time="08:00",
    )
    assert "The visit has its own time." in both.main
    shown = office.do("compensation", "Show the arithmetic", event="visit 2026-10-30")
    assert "It comes to" in shown.main
    hana = office.visitor("handler")
    page = hana.press(hana.get(office.case_at("compensation")), "Owe it now", event="visit 2026-10-30")
    hana.press(page, "Owe it now")
    (award,) = office.case().awards
    assert json.loads(award.covers) == ["appointment 2026-10-30T08:00:00+00:00"]
    page = office.visitor("handler").get(office.case_at("compensation"))
    assert "The engineer’s visit" not in page.main, "it was paid for"
    missing = office.do("compensation", "Show the arithmetic", event="appointment")
    assert "Give the date and time." in missing.main
    typed = office.do(
        "compensation",
        "Show the arithmetic",
        event="appointment",
        begins_day="2026-10-30",
        begins_time="08:00",
    )
    assert "paid before" in typed.main
