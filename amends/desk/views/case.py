"""The page of a case: what is owed first, its dates, its story from top to bottom, and what may be done now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.core import data_requests, scheme_decision, scheme_path
from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.care import arrangement, disconnection, ending, steps
from amends.core.care import porting as core_porting
from amends.core.case import Case
from amends.core.clocks import Clock, Kind, clocks
from amends.core.code import Stage
from amends.core.duties import Duty, duties
from amends.core.eligibility import Covered, covered
from amends.core.kinds import CaseKind
from amends.core.may import Refusal
from amends.core.reasons import told, versions
from amends.core.rulebook import Rulebook
from amends.core.ways import ways as written_ways
from amends.desk import access, ledger, merging, outages, porting, second, stage_roles, unsent
from amends.desk.actions import Actor
from amends.desk.customers import contract, finding, linking
from amends.desk.forms.case_form import CaseForm, Matter
from amends.desk.forms.deeds import SETTLES, offers, refusal_for
from amends.desk.forms.keeping import Note
from amends.desk.models import CaseRow, Draft, Role
from amends.desk.opened import Opened, facts_of, gathered, read
from amends.desk.people import called, names_at, person_id
from amends.desk.story import Papers, tell
from amends.desk.strip import label, strip
from amends.desk.views.company import company
from amends.desk.views.given import shown
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.owed import deed_label, letter_key, settling
from amends.desk.views.pages import show


def open_for(here: Here, reference: str) -> Opened:
    """The case, for this person. Raises Http404 where it is none of theirs."""
    return read(access.case_for(here.person, here.provider.pk, reference))


def matter_of(here: Here, opened: Opened, colleagues: tuple[Actor, ...] = ()) -> Matter:
    """The case as forms ask about it."""
    asked = None
    why_asked = second.reason(opened.facts)
    if why_asked:
        waiting = second.waiting(opened.row)
        asked = (*waiting, why_asked) if waiting else None
    return Matter(
        opened.case, opened.book, here.actor, here.now, len(opened.facts), colleagues, asked,
        filled=stage_roles.filled(here.provider),
    )  # fmt: skip


@console()
def case(request: HttpRequest, here: Here, reference: str) -> HttpResponse:
    """One case."""
    opened = open_for(here, reference)
    into = opened.case.merged_into
    if into is not None and "own" not in request.GET:
        last = merging.survivor(opened.row).reference
        messages.info(request, _("%(old)s goes on as %(new)s.") % {"old": reference, "new": last})
        return redirect("case", here.provider.pk, last)
    matter = matter_of(here, opened)
    return show(request, here, "console/case.html", at="cases", **_context(here, opened, matter))


def _context(here: Here, opened: Opened, matter: Matter) -> dict[str, Any]:
    running = clocks(opened.case, opened.book)
    ended = merging.ended_in(opened.row) if opened.case.merged else []
    note_draft = unsent.find(here.person, here.provider, opened.row, Note.slug) if here.works else None
    return {
        "row": opened.row,
        "case": opened.case,
        "book": opened.book,
        "calendar": opened.book.calendar,
        "owed": list(owed(here, opened, matter, running)),
        "particulars": [(p, steps.said(p, words)) for p, words in steps.shown(opened.case)],
        "steps": steps.standing(opened.case),
        **_moving(opened, here),
        **_arranged(opened, london_date(here.now)),
        **_about_data(here, opened),
        "ending": ending.worked_out(opened.case, opened.book),
        "next_step": steps.following(opened.case),
        "awards": shown(opened.case.awards, opened.book),
        "strip": strip(running, here.now),
        "dates": [
            Told(c, label(c), c.standing(here.now), told(c, opened.case, opened.book)) for c in running
        ],
        "story": tell(opened.facts, papers(here, opened, ended), facts_of(ended)),
        "near": near(here, opened),
        "company": company(here, opened.row),
        "facts_seen": len(opened.facts),
        "offers": offers(matter, here.roles) if here.works else {},
        "path": list(path(opened)),
        "reach": written_ways(opened.case),
        "covered": cover(opened),
        "note": _note(matter, note_draft) if here.works else None,
        "note_draft": note_draft,
        "asked": matter.asked,
        "need": opened.case.format_need,
        "review": _review(opened.case),
        "versions": versions(opened.book),
        "may_erase": here.may(access.ERASES) and not opened.row.is_open,
        "outages": outages_on(here, opened),
        **_of_the_scheme(opened, london_date(here.now)),
        **_of_the_book(here, opened),
    }


def outages_on(here: Here, opened: Opened) -> dict[str, Any]:
    """The outages that the case is about; where it is about none, those that stand and that it may be about."""
    case = opened.case
    rows = {
        o.number: o
        for o in access.outages_for(here.person, here.provider.pk).filter(
            number__in=[x.outage for x in case.outages]
        )
    }
    mine = [(rows[x.outage], x) for x in case.outages if x.outage in rows]
    open_ = here.works and case.closed is None and case.merged_into is None and not mine
    asks = open_ and (case.kind is CaseKind.FAULT or case.complaint is not False)
    return {"mine": mine, "offered": list(outages.standing(here.provider.pk)[:3]) if asks else []}


def _of_the_scheme(opened: Opened, today: date) -> dict[str, Any]:
    """The scheme that has the dispute, and whether it may have taken it on the day of the referral."""
    referral = opened.case.referral
    if referral is None:
        open_to_it = scheme_path.grounds(opened.case) and opened.case.merged_into is None
        return {"answer": scheme_path.may_go(opened.case, opened.book, today)} if open_to_it else {}
    scheme = scheme_decision.scheme_of(opened.case, opened.book)
    answer = scheme_path.may_go(opened.case, opened.book, london_date(referral.at))
    return {
        "scheme_name": scheme.name if scheme else referral.scheme,
        "answer": answer,
        "dispute_stands": scheme_decision.standing(opened.case),
        "answer_limit": scheme_decision.answer_by(opened.case, opened.book),
        "answer_over": scheme_decision.answer_over(opened.case, opened.book, today),
    }


def _moving(opened: Opened, here: Here) -> dict[str, Any]:
    """Whether the numbers of a port can move, and how late they are; nothing on a case of another kind."""
    if opened.case.kind is not CaseKind.PORT:
        return {}
    late = core_porting.delay(steps.given(opened.case), london_date(here.now))
    return {"answers": porting.of_case(opened.case), "late": late}


def _arranged(opened: Opened, today: date) -> dict[str, Any]:
    """The arrangement of somebody who finds it hard to pay, and whether they may be disconnected, as this case has it."""
    if opened.case.kind is not CaseKind.HARDSHIP:
        return {}
    grounds = disconnection.of_case(opened.case, opened.book, today)
    return {"arranged": arrangement.of_case(opened.case), "verdict": disconnection.verdict(grounds)}


@dataclass(frozen=True, slots=True)
class Erasable:
    """A case of somebody who asks to be erased, and until when its records have to be kept; None where they have not."""

    row: CaseRow
    kept: data_requests.Kept | None
    erased: bool
    """Whether nothing is left to erase."""


def _about_data(here: Here, opened: Opened) -> dict[str, Any]:
    """What a request about personal data shows besides its steps: of an erasure, what may go and what is kept, and why."""
    if not data_requests.is_one(opened.case):
        return {}
    clock = next((c for c in clocks(opened.case, opened.book) if c.id == data_requests.CLOCK), None)
    dated = clock and Told(
        clock, label(clock), clock.standing(here.now), told(clock, opened.case, opened.book)
    )
    about = {"is_data": True, "data_clock": dated, "erasable": None}
    if opened.case.kind is not CaseKind.DATA_ERASURE:
        return about
    mine = access.cases(here.person, here.provider.pk)
    theirs = (
        mine.filter(provider=here.provider.pk, customer=opened.row.customer) if opened.row.customer else []
    )
    rows = {opened.row.pk: opened.row, **{row.pk: row for row in theirs}}
    return {
        **about,
        "erasable": [
            Erasable(rows[pk], _kept(read(rows[pk]), here), ledger.wholly_erased(pk)) for pk in sorted(rows)
        ],
        "may_erase_any": here.may(access.ERASES),
    }


def _kept(opened: Opened, here: Here) -> data_requests.Kept | None:
    """Until when the complaint rules keep the records of a case; a request that was no complaint they do not keep."""
    closed = opened.case.closed
    if closed is None or opened.case.complaint is False:
        return None
    kept = data_requests.kept_until(closed.at, opened.book)
    return kept if kept is not None and london_date(here.now) < kept.until else None


def _of_the_book(here: Here, opened: Opened) -> dict[str, Any]:
    """The customer of the book whose case it is, with what their record knows otherwise; or who it may be."""
    customers = access.customers(here.person, here.provider.pk)
    if opened.row.customer is None:
        return {"suggested": finding.suggestions(customers, here.provider.pk, opened.case.customer)}
    owner = customers.filter(pk=opened.row.customer).first()
    if owner is None or owner.erased_at is not None:
        return {"owner": owner}
    new = linking.taken(opened.case, owner, None, here.id, here.now)
    behind = [said for name, said in _RECORD_SAID.items() if new and getattr(new, name) not in ("", None)]
    service = contract.service_of(opened.case)
    on, said = london_date(here.now), steps.given(opened.case)
    differs = contract.differs(said, service, on) if service is not None else ()
    return {"owner": owner, "behind": behind, "differs": differs}


_RECORD_SAID: Final = {
    "customer_kind": gettext_lazy("the kind of customer"), "headcount": gettext_lazy("the headcount"),
    "counted_how": gettext_lazy("how it was counted"), "name": gettext_lazy("the name"),
    "email": gettext_lazy("the email address"), "phone": gettext_lazy("the phone number"),
    "address": gettext_lazy("the postal address"), "prefers": gettext_lazy("how they want replies"),
}  # fmt: skip


def _note(matter: Matter, draft: Draft | None) -> Note:
    """The box for a note, with what the person was writing in it."""
    if draft is None:
        return Note(matter=matter)
    form = Note(unsent.as_form(draft, matter.facts), matter=matter)
    form.is_valid()
    form.quiet()
    return form


def _review(case: Case) -> date | None:
    """The day from which the customer is asked whether they still need their format."""
    need = case.format_need
    return date.fromisoformat(need.review) if need is not None and need.review else None


@dataclass(frozen=True, slots=True)
class Told:
    """One clock with its reasons."""

    clock: Clock
    label: str
    standing: str
    why: tuple[str, ...]

    @property
    def law(self) -> bool:
        """Whether it is the law's."""
        return self.clock.kind is Kind.LAW


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty as the page shows it: its date, its reasons, and the form that settles it."""

    duty: Duty
    late: bool
    by_desk: bool
    why: tuple[str, ...]
    deed: type[CaseForm] | None
    address: str
    refusal: Refusal | None = None

    @property
    def label(self) -> object:
        """What the action is called beside this duty."""
        return deed_label(self.duty, self.deed) if self.deed else ""

    @property
    def letter(self) -> str:
        """The key of the letter that it is about; empty where it is about none."""
        return letter_key(self.duty)


def owed(here: Here, opened: Opened, matter: Matter, running: tuple[Clock, ...]) -> Iterator[Owed]:
    """What is owed on the case now, what falls due first standing first."""
    by_id = {c.id: c for c in running}
    for duty in duties(opened.case, opened.book, here.now):
        clock = by_id.get(duty.clock)
        reasons = told(clock, opened.case, opened.book) if clock else _clause(duty, opened.book)
        deed = SETTLES.get(duty.action) if here.works else None
        refusal = refusal_for(deed, matter, here.roles) if deed else None
        yield Owed(
            duty, duty.late(here.now), duty.by_desk, reasons, deed, settling(opened.row, duty, deed), refusal
        )


def _clause(duty: Duty, book: Rulebook) -> tuple[str, ...]:
    clause = book.code.clause(duty.clause) if book.code else None
    says = f": {' '.join(clause.says.split())}" if clause and clause.says else ""
    return (
        (f"{duty.clause}{says}", "No period is named: it is owed all the same")
        if duty.due is None
        else (f"{duty.clause}{says}",)
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the code's path, and whether the case stands there."""

    stage: Stage
    current: bool


def path(opened: Opened) -> Iterator[Step]:
    """The code's stages, with the one that holds the case."""
    for place, stage in enumerate(opened.book.code.stages if opened.book.code else ()):
        yield Step(stage, place == opened.case.stage)


def cover(opened: Opened) -> Covered | None:
    """Whether the law's dispute-resolution rules cover this customer, and why."""
    first = opened.case.first_received
    if first is None:
        return None
    return covered(
        opened.case.customer.kind, opened.case.customer.headcount, opened.book.law, london_date(first)
    )


def near(here: Here, opened: Opened) -> list[merging.Near]:
    """Cases that may be about the same matter, for whoever may do something about it."""
    if not here.works or opened.case.merged_into is not None:
        return []
    return merging.near(access.cases(here.person, here.provider.pk), opened.row, opened.case)


def papers(here: Here, opened: Opened, ended: Sequence[CaseRow] = ()) -> Papers:
    """Letters, files and names of a case, and of those that go on as it."""
    person, provider = here.person, here.provider.pk
    rows = [opened.row, *ended]
    letters = access.outgoing_for(person, provider).filter(case__in=rows)
    files = access.uploads_for(person, provider).filter(case__in=rows)
    return gathered(letters, files, names_at(provider))


def colleagues(provider: str) -> tuple[Actor, ...]:
    """Who works on cases at a provider, by name, with their direct details."""
    held = Role.objects.filter(provider=provider, role__in=WORK, person__is_active=True).select_related(
        "person"
    )
    found: dict[str, Actor] = {}
    for role in held:
        who = person_id(role.person)
        found.setdefault(who, Actor(who, called(role.person), role.role, role.phone, role.email))
    return tuple(sorted(found.values(), key=lambda a: a.name))


def since(facts: list[f.Fact], seen: int) -> list[f.Fact]:
    """What happened to a case since somebody saw so many of its facts, but for letters that left as they should."""
    return [
        x
        for x in facts[seen:]
        if not (isinstance(x, f.LetterFate) and x.by == f.SYSTEM and x.fate in ("sent", "posted"))
    ]
