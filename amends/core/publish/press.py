"""The press: a compiled code and the law of a day become a published code.

O-escalation-path  the people to turn to stand on the page, made from the stages that cases go through
CH-07, CH-08       how long until dispute resolution, by the law of the day or the code's own shorter promise
CH-03, AD-01       the provider's scheme; both approved ones where nobody has recorded which is its own
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby

from amends.core import saying
from amends.core.calendar import DAY, Calendar
from amends.core.code import Clause, Code, CustomerKind, Owed, Period, Promise, Reached, Stage
from amends.core.dated import NotKnown
from amends.core.law import Law, Membership, membership_on
from amends.core.periods import rough_days
from amends.core.publish.as_written import as_written
from amends.core.publish.changes import changes
from amends.core.publish.faults import faults
from amends.core.publish.promised import promised
from amends.core.publish.published import (
    AppliesToday,
    ClauseShown,
    Copies,
    Promised,
    PublishedCode,
    Right,
    SchemeShown,
    Section,
    Since,
    StageShown,
    Standing,
    TogetherShown,
)
from amends.core.publish.today import applies_today, before, named
from amends.core.publish.ways import contacts
from amends.core.schemes import Scheme
from amends.core.source import MappingNode


def publish(
    code: Code,
    source: MappingNode,
    law: Law,
    on: date,
    *,
    calendar: Calendar | None = None,
    memberships: tuple[Membership, ...] = (),
    previous: Code | None = None,
    next_from: date | None = None,
) -> PublishedCode:
    """The code as it is to be read on the London date `on`.

    `source` is what `source.read` made of the code's own text; `calendar` holds the bank holidays of its nation;
    `previous` is the version before, for what changed; `next_from` the day from which a newer version is in force.
    """
    until = _until(code, next_from)
    notes = applies_today(code, source, law, on, memberships)
    law_days = _law_days(law, on)
    return PublishedCode(
        code=code.id,
        provider=code.provider,
        provider_name=code.provider_name,
        title=code.title,
        kind=code.kind,
        version=code.version,
        nation=code.nation,
        fingerprint=code.fingerprint,
        as_of=on,
        in_force_from=code.in_force_from,
        in_force_until=until,
        standing=_standing(code, until, on),
        serves=tuple(kind for kind in CustomerKind if kind in code.serves),
        note=code.note,
        sections=tuple(_sections(code, notes, law_days)),
        contacts=contacts(code),
        stages=tuple(_stage(stage, place, code, law_days) for place, stage in enumerate(code.stages)),
        right=_right(code, law, on, memberships),
        copies=_copies(code),
        refers_to=code.refers_to,
        closed_on=tuple(day for day in calendar.holidays if day >= on) if calendar else (),
        known_until=calendar.complete_until if calendar else None,
        since=Since(previous.version, changes(previous, code)) if previous else None,
        together=tuple(
            TogetherShown(c.id, c.on, tuple((d.title, d.since or c.on) for d in c.documents))
            for c in code.changed_together
        ),
        faults=faults(code, law_days),
    )


def _until(code: Code, next_from: date | None) -> date | None:
    """The last day on which a complaint that is first received comes under this version; None where none is known."""
    last = next_from - DAY if next_from else None
    return min(filter(None, (code.in_force_until, last)), default=None)


def _standing(code: Code, until: date | None, on: date) -> Standing:
    if code.in_force_from is not None and on < code.in_force_from:
        return Standing.COMING
    if until is not None and on > until:
        return Standing.OVER
    return Standing.IN_FORCE


def _law_days(law: Law, on: date) -> int | None:
    entry = law.adr_period.find(on)
    return entry.value if entry else None


# --- Sections and their clauses ---------------------------------------------------------------------------------------


def _sections(
    code: Code, notes: Mapping[str, tuple[AppliesToday, ...]], law_days: int | None
) -> Iterator[Section]:
    taken: set[str] = set()
    for title, clauses in groupby(code.clauses, key=lambda clause: clause.section):
        yield Section(
            _anchor(title, taken), title, tuple(_clause(clause, code, notes, law_days) for clause in clauses)
        )


def _anchor(title: str, taken: set[str]) -> str:
    """The section's name in a link. No clause has such a name, for none has a low line in it."""
    plain = "on_" + (re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:60] or "this")
    anchor, number = plain, 2
    while anchor in taken:
        anchor, number = f"{plain}_{number}", number + 1
    taken.add(anchor)
    return anchor


def _clause(
    clause: Clause, code: Code, notes: Mapping[str, tuple[AppliesToday, ...]], law_days: int | None
) -> ClauseShown:
    return ClauseShown(
        id=clause.id,
        heading=clause.heading,
        says=as_written(clause, code, overtaken=clause.id in notes),
        unknown=clause.unknown,
        promises=_promises(code.promises, clause.id, law_days),
        today=notes.get(clause.id, ()),
    )


def _promises(promises: tuple[Promise, ...], clause: str, law_days: int | None) -> tuple[Promised, ...]:
    return tuple(promised(promise, law_days) for promise in promises if promise.clause == clause)


# --- Who deals with it ------------------------------------------------------------------------------------------------

_REACHED = {
    Reached.NOT_SATISFIED: "if you are not satisfied with our answer",
    Reached.CUSTOMER_ASKS: "whenever you ask for it",
    Reached.PROVIDER_DECIDES: "when we pass it on",
}


def _stage(stage: Stage, place: int, code: Code, law_days: int | None) -> StageShown:
    ways = [words for reached, words in _REACHED.items() if reached in stage.reached]
    own = (promise for promise in code.promises if promise.stage == place)
    return StageShown(
        id=stage.id,
        role=stage.role,
        kind=stage.kind,
        reached=saying.listed(ways, "or"),
        optional=stage.optional,
        contact=stage.contact,
        promises=tuple(promised(promise, law_days) for promise in own),
    )


# --- The right to dispute resolution ----------------------------------------------------------------------------------


def _right(code: Code, law: Law, on: date, memberships: tuple[Membership, ...]) -> Right | None:
    entry = law.adr_period.find(on)
    if entry is None:
        return None
    window, size = law.adr_window.find(on), law.small_business_size.find(on)
    dispute = code.dispute_resolution
    earlier = dispute.after if dispute and dispute.after and rough_days(dispute.after) < entry.value else None
    return Right(
        after=str(earlier) if earlier else saying.weeks(entry.value),
        since=None if earlier else entry.start,
        before="" if earlier else before(law, on),
        schemes=tuple(_schemes(code, law, on, memberships)),
        own=membership_on(memberships, on) is not None,
        window_months=window.value if window else None,
        small_business=size.value if size else None,
        clauses=tuple(filter(None, (dispute.id, dispute.scheme.id if dispute.scheme else "")))
        if dispute
        else (),
    )


def _schemes(code: Code, law: Law, on: date, memberships: tuple[Membership, ...]) -> Iterator[SchemeShown]:
    member = membership_on(memberships, on)
    published = code.dispute_resolution.scheme if code.dispute_resolution else None
    mention = law.find_scheme(published.name) if published else None
    try:
        shown = [_scheme(scheme, on, mention.scheme if mention else None) for scheme in law.approved(on)]
    except NotKnown:
        return
    if member is not None:
        shown = [scheme for scheme in shown if scheme.details.scheme == member.scheme]
    yield from sorted(shown, key=lambda scheme: not scheme.in_this_code)


def _scheme(scheme: Scheme, on: date, in_code: Scheme | None) -> SchemeShown:
    details = scheme.on(on)
    kind = "working day" if scheme.decision_days_kind == "working" else "calendar day"
    return SchemeShown(
        details=details,
        named=named(details.name),
        in_this_code=in_code is not None and in_code.id == scheme.id,
        carried_out=saying.counted(scheme.decision_days, kind),
    )


# --- Copies -----------------------------------------------------------------------------------------------------------


def _copies(code: Code) -> Copies:
    within: Period | None = next(
        (promise.within for promise in code.promises if promise.owe is Owed.COPY_OF_CODE), None
    )
    return Copies(
        offered=code.formats.offered if code.formats else (),
        formats_clause=code.formats.id if code.formats else "",
        copy_clause=code.copy_id,
        within=str(within or ""),
    )
