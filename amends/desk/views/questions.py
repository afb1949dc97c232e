"""What waits on customers: what each was asked for, by when, whether something has come, and who looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.core import questions as waited
from amends.core.case import Question, fold
from amends.desk import access, books, ledger, queue
from amends.desk.models import DutyRow
from amends.desk.people import names_at
from amends.desk.sheets import Sheet, Value
from amends.desk.views.here import READ, Here, console
from amends.desk.views.pages import show

AT_ONCE: Final = 25
"""Duties whose cases are read together: the words of a question stand in the facts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question that is open, as its list shows it."""

    row: DutyRow
    question: Question
    day: date
    """The London date by which an answer is asked for, as the latest letter names it."""
    handler: str
    heard: bool
    """Whether the customer has been in touch since, and somebody is to look whether that answers it."""

    @property
    def stands(self) -> str:
        """Where it stands, in a few words."""
        if self.heard:
            return _("the customer has been in touch since")
        return _("asked for again") if self.question.chased else _("waiting for the answer")


@console(roles=READ)
def questions(request: HttpRequest, here: Here) -> HttpResponse:
    """The list: what somebody has to look at first, then by the day on which something is to happen."""
    turned = queue.by_falling(_waiting(here), request.GET.get("from", ""), AT_ONCE)
    return show(
        request, here, "console/questions.html", at="my-day", rows=list(_asked(turned.rows, here)),
        onward=turned.onward, keep="", from_start="from" not in request.GET,
    )  # fmt: skip


def questions_sheet(_request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """Every open question, in the order of its list."""
    heads = ("Asked", "Answer asked for by", "What we need", "Where it stands", "Case", "Customer", "Handler")
    return Sheet("questions to customers", heads, _rows(here)), ""


def _rows(here: Here) -> Iterator[tuple[Value, ...]]:
    after = ""
    while True:
        page = queue.by_falling(_waiting(here), after, AT_ONCE)
        for x in _asked(page.rows, here):
            case = x.row.case
            yield (
                x.question.asked, x.day, x.question.words, x.stands, case.reference, case.customer_name, x.handler,
            )  # fmt: skip
        after = page.onward
        if not after:
            return


def _waiting(here: Here) -> QuerySet[DutyRow]:
    return queue.on_questions(access.duties_for(here.person, here.provider.pk))


def _asked(rows: list[DutyRow], here: Here) -> Iterator[Asked]:
    """The questions with their words: the facts of this page's cases are read together."""
    facts = ledger.load([row.case_id for row in rows]) if rows else {}
    names = names_at(here.provider.pk) if rows else {}
    for row in rows:
        case, book = fold(facts[row.case_id]), books.book_for(row.case)
        handler = names.get(row.handler, row.case.handler_name)
        mine = row.duty.partition(":")[2]
        for question in waited.open_of(case):
            # One duty stands for all that the desk asks for again by itself, and one for each that a person looks at.
            heard = case.heard_on(question) is not None
            by_person = heard or question.chased is not None
            if question.id == mine if by_person else not row.duty.startswith("question:"):
                yield Asked(row, question, waited.last_day(question, book), handler, heard)
