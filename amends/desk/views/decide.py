"""Decide: what waits for a decision, in one list, each with what is asked, by whom, why, and what it does to dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.core import facts as f
from amends.core import saying
from amends.core.case import Approval, Case, fold
from amends.core.may import Refusal
from amends.desk import access, approvals, books, ledger, let_in, powers, queue, stage_roles
from amends.desk.models import ApprovalRow
from amends.desk.people import names_at
from amends.desk.story import ASKED_SAID
from amends.desk.views.here import DECIDE, READ, Here, console
from amends.desk.views.pages import Tab, show

TABS: Final = {
    "waits": gettext_lazy("Waits for a decision"),
    "mine": gettext_lazy("Asked for by me"),
    "answered": gettext_lazy("Decided"),
}
FEW: Final = 10
"""So many on a page: each shows its words and its effect, for which its case is read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the list shows it."""

    row: ApprovalRow
    case: Case
    asked: Approval
    by: str
    what: str
    effects: tuple[str, ...]
    answers: tuple[tuple[str, str, str], ...]
    """Who answered, what, and why."""
    refusal: Refusal | None
    """Why whoever looks may not agree to it."""
    waits_for: tuple[str, ...] = ()
    """Who fills the role of the code that it goes to."""

    @property
    def mine(self) -> bool:
        """Whether whoever looks could take it back instead."""
        return self.refusal is not None and "themselves" in self.refusal.what


@console(roles=READ)
def decide(request: HttpRequest, here: Here) -> HttpResponse:
    """The list: what waits, what one asked for oneself, what was decided."""
    (rows, shown), after = standing_in(here, request.GET.get("show", "")), request.GET.get("from", "")
    waits = shown == "waits"
    turned = queue.by_time(rows, "asked" if waits else "last", after, newest=not waits, size=FEW)
    return show(
        request, here, "console/decide.html", at="decide", shown=shown, items=list(asked_of(here, turned.rows)),
        tabs=[Tab(words, f"?show={name}", name == shown) for name, words in TABS.items()],
        onward=turned.onward, keep=f"show={shown}", from_start="from" not in request.GET, decides=here.may(DECIDE),
    )  # fmt: skip


def standing_in(here: Here, chosen: str) -> tuple[QuerySet[ApprovalRow], str]:
    """The requests of a tab, and which it is: the one that was chosen, or that which this person has need of."""
    roles = stage_roles.of_person(here.provider, here.id)
    shown = chosen if chosen in TABS else "waits" if here.may(DECIDE) or not here.works or roles else "mine"
    rows = access.approvals_for(here.person, here.provider.pk)
    if shown == "waits":
        return rows.filter(standing="waiting"), shown
    return (rows.filter(by=here.id) if shown == "mine" else rows.exclude(standing="waiting")), shown


def asked_of(here: Here, rows: list[ApprovalRow]) -> Iterator[Asked]:
    """The requests with their words: the facts of this page's cases are read together."""
    facts = ledger.load([row.case_id for row in rows]) if rows else {}
    names, filled = names_at(here.provider.pk) if rows else {}, stage_roles.filled(here.provider)
    me = let_in.second(here.provider.pk, here.id, here.now, DECIDE) if rows else None
    for row in rows:
        case, book = fold(facts[row.case_id]), books.book_for(row.case)
        asked = next(a for a in case.approvals if a.id == row.approval)
        effects = approvals.would_do(case, book, asked, here.now) if asked.waits else ()
        refusal = approvals.may_answer(asked, here.actor, agree=True, filled=filled)
        if refusal is None and me is not None and asked.deed != powers.ESCALATION:
            refusal = me.refused((asked.by, *(yes.by for yes in asked.given)), asked.clause)
        yield Asked(
            row, case, asked, _("The customer") if asked.by == f.CUSTOMER else names.get(asked.by, asked.by),
            what(asked), effects, tuple(_answers(asked, names)),
            refusal,
            tuple(names[p] for p in filled.get(asked.role.casefold(), ()) if p in names),
        )  # fmt: skip


def _answers(asked: Approval, names: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for yes in asked.given:
        said = _("agreed") if yes.final else _("agreed; a second person must too")
        if asked.deed == powers.ESCALATION:
            said = _("took the case")
        yield names.get(yes.by, yes.by), said, yes.why
    if asked.refused is not None:
        back = asked.refused.by == asked.by
        yield (
            names.get(asked.refused.by, asked.refused.by),
            _("took it back") if back else _("did not agree"),
            asked.refused.why,
        )


def what(asked: Approval) -> str:
    """What is asked for, in one sentence."""
    said = powers.asked_for(asked.details)
    if asked.deed == powers.COMPENSATION:
        kind = _("compensation or goodwill") if said.get("award") else _("credit or refund")
        told = _("%(sum)s of %(kind)s in an outcome") % {"sum": saying.pence(asked.amount), "kind": kind}
        clauses = ", ".join(said.get("cites", "").split())
        return (
            _("%(told)s, for reasons of the code: %(clauses)s") % {"told": told, "clauses": clauses}
            if clauses
            else told
        )
    if asked.deed == powers.AWARD:
        return _("%(sum)s on a case without an outcome: %(words)s") % {
            "sum": saying.pence(asked.amount), "words": said.get("words", ""),
        }  # fmt: skip
    if asked.deed == powers.EXTENSION:
        more = saying.counted(asked.amount, "working day")
        return _("%(more)s more for %(clock)s") % {"more": more, "clock": said.get("clock", "")}
    if asked.deed == powers.BACKDATING:
        if not said:
            return _("Another date of receipt")
        received = saying.moment(datetime.fromisoformat(said["received"]))
        days = saying.counted(asked.amount, "day")
        return _("Receipt on %(received)s, %(days)s from what stands") % {"received": received, "days": days}
    if asked.deed == powers.ESCALATION:
        return _("The case goes to the %(role)s: somebody takes it") % {"role": asked.role}
    return ASKED_SAID[asked.deed].capitalize()
