"""Outages at the desk: opened once, cases linked to them, told to all at once, ended, and what they are owed (S-outage).

What is done for every case of an outage is a run: it is queued here, with a turn for each case, and `outage_runs` takes
the turns, each in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from amends.core import facts as f
from amends.core import outage as core
from amends.core.care import steps
from amends.core.kinds import CaseKind
from amends.core.letters.blocks import clean
from amends.core.may import Refusal
from amends.core.outage import Incident
from amends.desk import refunds
from amends.desk.customers import numbers
from amends.desk.models import (
    AuditEntry,
    CaseRow,
    Outage,
    OutageCase,
    OutageRun,
    OutageTurn,
    Provider,
)

if TYPE_CHECKING:
    from amends.core.case import Case
    from amends.desk.actions import Actor
    from amends.desk.record import CaseInHand

UPDATE, END, REFUND = "update", "end", "refund"
WAITING, DONE, NOT_DONE = "waiting", "done", "not done"
LONGEST: Final = 4000
BEFORE: Final = timedelta(days=1)
"""A case may have been received so long before an outage is said to have begun, and still be about it."""
SHOWN: Final = 200
"""Cases that may be about an outage, on one page; the newest are shown first."""
OFFERED_FOR: Final = timedelta(days=14)
"""So long after its end an outage is still offered to a case that is new."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of an outage as they open it, or put it right."""

    what: str
    since: datetime
    said_by: str
    services: str = ""
    areas: str = ""
    numbers: str = ""
    supplier: str = ""
    reference: str = ""


def incident(row: Outage) -> Incident:
    """An outage as the rules ask about it."""
    return Incident(
        row.number,
        row.what,
        row.since,
        row.until,
        tuple(row.services.splitlines()),
        tuple(row.areas.splitlines()),
    )


def standing(provider: str) -> QuerySet[Outage]:
    """The outages of a provider that are not over, the newest first."""
    return Outage.objects.filter(provider=provider, until__isnull=True).order_by("-since", "-pk")


def offered(provider: str, now: datetime) -> QuerySet[Outage]:
    """The outages to which a case may be linked today: those that stand, and those that ended lately."""
    lately = Q(until__isnull=True) | Q(until__gt=now - OFFERED_FOR)
    return Outage.objects.filter(lately, provider=provider).order_by("-since", "-pk")


def wrong(said: Said, now: datetime) -> tuple[str, Refusal] | None:
    """What is wrong with an outage as it was said, with the name of its box; None where nothing is."""
    refusal = core.wrong_times(said.since, None, now)
    if refusal is not None:
        return "since", refusal
    try:
        numbers.ranges(said.numbers)
    except numbers.NoNumber as no:
        return "numbers", Refusal(str(no), core.HOUSE, "Write one number or range a line.")
    return None


def another(provider: str, said: Said) -> Incident | None:
    """An outage that stands over the same time and names the same service or place."""
    wanted = Incident(
        0, said.what, said.since, None, tuple(said.services.splitlines()), tuple(said.areas.splitlines())
    )
    rows = Outage.objects.filter(Q(until__isnull=True) | Q(until__gt=said.since), provider=provider)
    return core.same(wanted, map(incident, rows.order_by("-since").iterator()))


def open_outage(provider: Provider, said: Said, by: str, now: datetime) -> Outage:
    """Write an outage down: what `wrong` says is asked before."""
    with transaction.atomic():
        # The provider's row is what two colleagues who open one at the same moment wait for.
        Provider.objects.select_for_update().get(pk=provider.pk)
        last = Outage.objects.filter(provider=provider).aggregate(last=Max("number"))["last"] or 0
        row = Outage.objects.create(
            provider=provider, number=last + 1, what=said.what.strip(), since=said.since, said_by=said.said_by.strip(),
            services=_lines(said.services), areas=_lines(said.areas), numbers=_lines(said.numbers),
            supplier=said.supplier.strip(), reference=said.reference.strip(), opened_at=now, opened_by=by,
        )  # fmt: skip
        _audit(row, by, now, "outage opened")
    return row


def _lines(words: str) -> str:
    """Words with one thing a line, empty lines left out."""
    return "\n".join(line.strip() for line in clean(words).splitlines() if line.strip())


def end(row: Outage, until: datetime, by: str, now: datetime) -> Refusal | None:
    """Write down when the service was there again; said again, the newer moment stands, while no refund rests on it."""
    with transaction.atomic():
        # Refunds are ordered under the same lock: none is worked out by an end that is put right at that moment.
        held = Outage.objects.select_for_update().get(pk=row.pk)
        refusal = core.wrong_times(held.since, until, now)
        if refusal is None and held.runs.filter(kind=REFUND, turns__state__in=(WAITING, DONE)).exists():
            refusal = Refusal(
                "Refunds were worked out by the end that stands",
                core.HOUSE,
                "Work out what is missing on the case.",
            )
        if refusal is None:
            held.until, held.ended_at, held.ended_by = until, now, by
            held.save(update_fields=["until", "ended_at", "ended_by"])
            _audit(held, by, now, "outage ended", until=until.isoformat())
    row.refresh_from_db()
    return refusal


def _audit(row: Outage, by: str, now: datetime, what: str, **more: object) -> None:
    AuditEntry.objects.create(
        provider_id=row.provider_id, at=now, by=by, what=what, detail={"outage": row.number, **more}
    )


# --- the cases of an outage ------------------------------------------------------------------------------------------


def service_said(case: Case, row: Outage) -> str:
    """Which service of its customer a case is about, as far as anything says so."""
    known = refunds.service_of(case)
    if known is not None:
        return refunds.named(known)
    told = steps.given(case).get("service", "") if case.kind is CaseKind.FAULT else ""
    return told or next(iter(row.services.splitlines()), "") or "Service"


def link(hand: CaseInHand, row: Outage, by: Actor, now: datetime, *, service: str = "") -> Refusal | None:
    """Link a case to an outage. Linked twice it changes nothing but the name of the service."""
    refusal = core.may_link(hand.case, row.provider_id)
    if refusal is None:
        name = service.strip() or service_said(hand.case, row)
        was = next((o for o in hand.case.outages if o.outage == row.number), None)
        if was is None or (service.strip() and was.service != name):
            hand.add(f.OutageLinked(at=now, logged=now, by=by.id, outage=row.number, service=name))
    return refusal


def unlink(hand: CaseInHand, number: int, by: Actor, now: datetime, *, why: str) -> Refusal | None:
    """Say that a case was not about an outage after all."""
    refusal = core.may_unlink(hand.case, number)
    if refusal is None:
        hand.add(f.OutageUnlinked(at=now, logged=now, by=by.id, outage=number, why=why))
    return refusal


def others_over(case: Case, row: Outage) -> list[Incident]:
    """The other outages over the same time to which the case is linked: their common hours count once."""
    mine = [o.outage for o in case.outages if o.outage != row.number]
    rows = Outage.objects.filter(provider=row.provider_id, number__in=mine) if mine else ()
    return [found for found in map(incident, rows) if core.overlap(found, incident(row))]


def cases_in(provider: str, numbers: Collection[int]) -> dict[int, int]:
    """How many cases are linked to each of these outages of a provider; those with none are not in it."""
    rows = OutageCase.objects.filter(provider=provider, outage__in=numbers).order_by()
    return dict(rows.values_list("outage").annotate(Count("pk")))


def linked(row: Outage) -> QuerySet[CaseRow]:
    """The cases that are linked to an outage, the longest linked first."""
    ids = OutageCase.objects.filter(provider=row.provider_id, outage=row.number).values("case")
    return CaseRow.objects.filter(pk__in=ids).order_by("pk")


@dataclass(frozen=True, slots=True)
class Near:
    """A case that may be about an outage, with what speaks for it."""

    row: CaseRow
    why: str

    @property
    def likely(self) -> bool:
        """Whether something speaks for it besides its date."""
        return bool(self.why)


def near(row: Outage, cases: QuerySet[CaseRow]) -> list[Near]:
    """The open cases of these that may be about an outage: those for which something speaks first, then the newest.

    All are looked at, by what speaks for them alone; so many are shown, and those that are linked make room for the next.
    """
    theirs = OutageCase.objects.filter(provider=row.provider_id, outage=row.number).values("case")
    kinds = Q(tally__kind__in=("", CaseKind.FAULT))
    found = cases.filter(kinds, is_open=True, first_received__gte=row.since - BEFORE)
    if row.until is not None:
        found = found.filter(first_received__lte=row.until + OFFERED_FOR)
    told = found.exclude(pk__in=theirs).order_by("-first_received", "-pk").values_list("pk", *_SPEAKS)
    reaches = tuple(numbers.ranges(row.numbers))
    why = {pk: _why(row, reaches, _Told(*words)) for pk, *words in told.iterator()}
    first = sorted(why, key=lambda pk: not why[pk])[:SHOWN]
    rows = CaseRow.objects.in_bulk(first)
    return [Near(rows[pk], why[pk]) for pk in first if pk in rows]


class _Told(NamedTuple):
    """What of a case may speak for an outage."""

    subject: str
    postcode: str
    customer_phone: str


_SPEAKS: Final = ("subject", "postcode", "customer_phone")


def _why(row: Outage, reaches: tuple[numbers.Range, ...], case: _Told) -> str:
    """What speaks for it that a case is about an outage: its place, its number, the name of a service."""
    subject, postcode = (case.subject or "").casefold(), (case.postcode or "").replace(" ", "").upper()
    for area in row.areas.splitlines():
        if postcode.startswith(area.replace(" ", "").upper()):
            return area
        if area.casefold() in subject:
            return area
    try:
        number = numbers.whole(case.customer_phone) if reaches and case.customer_phone else 0
    except numbers.NoNumber:
        number = 0
    for reach in reaches:
        if reach.first <= number <= reach.last:
            return reach.shown
    return next((name for name in row.services.splitlines() if name.casefold() in subject), "")


# --- what is done for all of them ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ordered:
    """What somebody orders for every case of an outage."""

    kind: str
    words: str
    beyond_control: bool = False
    looked_at: str = ""
    price_pence: int | None = None


def may_queue(row: Outage, ordered: Ordered) -> Refusal | None:
    """Whether this can be done for all of its cases now."""
    if not ordered.words.strip() or len(ordered.words) > LONGEST:
        return Refusal(
            "There are no words to send",
            core.HOUSE,
            f"Write them once for all, at most {LONGEST:,} characters.",
        )
    if ordered.kind in (END, REFUND) and row.until is None:
        return Refusal(
            "The outage is not over", core.HOUSE, "Write down first when the service was there again."
        )
    if ordered.kind == REFUND and not ordered.looked_at.strip():
        return Refusal(
            "Nobody has said what was looked at",
            core.HOUSE,
            "Write the log, the supplier's report, the findings.",
        )
    if row.runs.filter(turns__state=WAITING).exists():
        return Refusal("Something for these cases is still on its way", core.HOUSE, "Wait until it is done.")
    return None


def queue(
    row: Outage, ordered: Ordered, cases: Iterable[int], by: Actor, now: datetime
) -> OutageRun | Refusal:
    """Order something for these cases of an outage, a turn for each. The worker takes the turns, whoever stops meanwhile."""
    with transaction.atomic():
        row = Outage.objects.select_for_update().get(pk=row.pk)
        refusal = may_queue(row, ordered)
        wanted = set(cases) & set(linked(row).values_list("pk", flat=True))
        if refusal is None and not wanted:
            refusal = Refusal("No case is linked that it could be done for", core.HOUSE, "Link cases first.")
        if refusal is not None:
            return refusal
        last = row.runs.aggregate(last=Max("number"))["last"] or 0
        run = OutageRun.objects.create(
            provider_id=row.provider_id, outage=row, number=last + 1, kind=ordered.kind, words=ordered.words.strip(),
            by=by.id, name=by.name, role=by.role, queued_at=now, beyond_control=ordered.beyond_control,
            looked_at=ordered.looked_at.strip(), price_pence=ordered.price_pence,
        )  # fmt: skip
        OutageTurn.objects.bulk_create(
            [OutageTurn(provider_id=row.provider_id, run=run, case_id=pk) for pk in sorted(wanted)],
            batch_size=500,
        )
        _audit(row, by.id, now, f"outage: {ordered.kind} for all", cases=len(wanted), run=run.number)
    return run


def progress(runs: Sequence[OutageRun]) -> dict[int, dict[str, int]]:
    """How many turns of each run wait, are done and were not done."""
    found = {run.pk: {WAITING: 0, DONE: 0, "not_done": 0} for run in runs}
    turns = (
        OutageTurn.objects.filter(run__in=runs).order_by().values_list("run", "state").annotate(n=Count("pk"))
    )
    for run, state, count in turns:
        found[run][state.replace(" ", "_")] = count
    return found
