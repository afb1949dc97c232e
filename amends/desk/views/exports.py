"""Lists and reports as CSV and Excel files. Whoever takes one away stands in the audit, with what it was narrowed to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from amends.desk import access, queue, search
from amends.desk.models import AuditEntry, CaseTally, DutyRow, Lesson, Outgoing, PromiseTally, Retention
from amends.desk.owing import NO_DATE
from amends.desk.people import names_at
from amends.desk.sheets import Sheet, Value, as_csv, as_xlsx
from amends.desk.story import LETTER_TITLES
from amends.desk.templatetags.desk import kept_because
from amends.desk.views import exported, exported_sharing, questions, reports
from amends.desk.views.case import colleagues
from amends.desk.views.cases import listed
from amends.desk.views.here import DECIDE, KEEP, Here, console, not_your_role
from amends.desk.views.letters import TABS, visible
from amends.desk.views.retention import asked_for

AT_ONCE: Final = 1000
CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

CASE_COLUMNS: Final = (
    "Reference", "First received", "Channel", "Was it a complaint?", "State", "Stage", "Handler", "Category", "Root cause",
    "Next due", "Customer", "Account", "Postcode", "Subject", "Resolved after days", "Closed", "Closed on", "ADR letter",
    "Scheme", "Scheme’s outcome", "Credit in pence",
)  # fmt: skip


@console(roles=access.TAKES_LISTS_AWAY)
def export(request: HttpRequest, here: Here, what: str, kind: str) -> HttpResponseBase:
    """A list as a file, with the filters of its address; a page of it after the other is read while it is sent."""
    made = _SHEETS.get(what)
    if what in _OF_ROLES and not here.may(_OF_ROLES[what]):
        return not_your_role(request, here, _OF_ROLES[what])
    if made is None or kind not in ("csv", "xlsx"):
        raise Http404(what)
    sheet, narrowed = made(request, here)
    return taken(here, sheet, what, kind, narrowed)


def taken(here: Here, sheet: Sheet, what: str, kind: str, narrowed: str) -> HttpResponseBase:
    """A list as it is sent. That it was taken, and by whom, stands in the audit. Raises Http404 for another format."""
    if kind not in ("csv", "xlsx"):
        raise Http404(kind)
    AuditEntry.objects.create(
        provider=here.provider, at=here.now, by=here.id, what="list exported",
        detail={"list": what, "format": kind, "narrowed to": narrowed[:2000]},
    )  # fmt: skip
    name = f"{here.provider.pk}-{what}-{here.now:%Y-%m-%d}.{kind}"
    if kind == "xlsx":
        return FileResponse(as_xlsx(sheet), as_attachment=True, filename=name, content_type=XLSX)
    answer = StreamingHttpResponse(as_csv(sheet), content_type=CSV)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _cases(request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    asked = listed(here, request.GET)
    names = {who.id: who.name for who in colleagues(here.provider.pk)}
    return Sheet("cases", CASE_COLUMNS, _case_rows(asked.rows, names)), asked.query


def _case_rows(rows: QuerySet[CaseTally], names: dict[str, str]) -> Iterator[tuple[Value, ...]]:
    after = 0
    while some := list(rows.filter(case__gt=after).select_related("case").order_by("case")[:AT_ONCE]):
        yield from (_case(tally, names) for tally in some)
        after = some[-1].case_id


def _case(tally: CaseTally, names: dict[str, str]) -> tuple[Value, ...]:
    row = tally.case
    return (
        row.reference, tally.first_received, tally.channel, tally.complaint, tally.state, tally.stage,
        row.handler_name or names.get(tally.handler, ""), tally.category, tally.cause, tally.next_due, row.customer_name,
        row.account, row.postcode, row.subject, tally.resolved_after, tally.closed, tally.evidence, tally.adr_letter,
        tally.scheme, tally.scheme_outcome, tally.credit_pence,
    )  # fmt: skip


def _letters(request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    tab = request.GET.get("state", "trouble")
    tab = tab if tab in TABS else "trouble"
    rows = visible(here).filter(state__in=TABS[tab][1])
    heads = ("Letter", "Case", "Customer", "Channel", "To", "Decided", "State", "Since", "What went wrong")
    return Sheet("letters", heads, _letter_rows(rows)), f"state={tab}"


def _letter_rows(rows: QuerySet[Outgoing]) -> Iterator[tuple[Value, ...]]:
    after = 0
    while some := _more(rows, after):
        for x in some:
            title = LETTER_TITLES.get(x.letter, x.letter)
            yield (
                title, x.case.reference, x.case.customer_name, x.channel, x.to, x.decided_at, x.state, x.settled_at,
                x.last_error,
            )  # fmt: skip
        after = some[-1].pk


def _more(rows: QuerySet[Outgoing], after: int) -> list[Outgoing]:
    more = rows.filter(id__gt=after).select_related("case").defer("words", "text", "html")
    return list(more.order_by("id")[:AT_ONCE])


def _promises(request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    asked = reports.promised(here, request.GET)
    heads = ("Case", "Clause", "What is owed", "By whose clock", "Last moment", "Settled", "Fell away")
    return Sheet("promises", heads, _promise_rows(asked.rows)), asked.query


def _promise_rows(rows: QuerySet[PromiseTally]) -> Iterator[tuple[Value, ...]]:
    after = 0
    while some := list(rows.filter(id__gt=after).select_related("case").order_by("id")[:AT_ONCE]):
        for p in some:
            whose = _("the law") if p.law else _("the code")
            yield (p.case.reference, p.clause, p.owe, whose, p.late_after, p.settled, p.stopped)
        after = some[-1].pk


def _report(request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    form, made = reports.made(here, request.GET)
    return reports.sheet(made), form.query


def _lessons(_request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    rows = access.lessons_for(here.person, here.provider.pk)
    heads = (
        "Lesson", "Case", "Written down", "By", "Root cause", "What should change", "Owner", "Look at it by", "Decided",
        "Decided by", "Decision",
    )  # fmt: skip
    return Sheet("lessons", heads, _lesson_rows(rows, names_at(here.provider.pk))), ""


def _lesson_rows(rows: QuerySet[Lesson], names: dict[str, str]) -> Iterator[tuple[Value, ...]]:
    after = 0
    while some := list(rows.filter(pk__gt=after).select_related("case").order_by("pk")[:AT_ONCE]):
        for x in some:
            yield (
                x.pk, x.case.reference, x.noted_at, names.get(x.noted_by, x.noted_by), x.cause, x.words,
                names.get(x.owner, x.owner), x.review_on, x.decided_at, names.get(x.decided_by, x.decided_by), x.decision,
            )  # fmt: skip
        after = some[-1].pk


def _found(request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """What a search finds, as much of each as its page shows. The audit tells that it was a search, and not for whom."""
    said = request.GET.get("find", "").strip()
    if not said:
        raise Http404("nothing is searched for")
    heads = ("Case", "Name", "Postcode area", "Is it open?")
    return Sheet("found", heads, _found_rows(here, said)), "a search"


def _found_rows(here: Here, said: str) -> Iterator[tuple[Value, ...]]:
    mine, after = access.cases(here.person, here.provider.pk), ""
    while True:
        page = search.find(mine, here.provider.pk, said, after)
        yield from ((r.reference, r.name, r.area, r.is_open) for r in page.results)
        after = page.onward
        if not after:
            return


def _owed(request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """What is owed to customers, in the order in which it falls due: by this person, by nobody yet, or by everybody."""
    whose = request.GET.get("whose", "")
    theirs = {"mine": {"handler": here.id}, "nobody": {"handler": ""}}.get(whose, {})
    rows = access.duties_for(here.person, here.provider.pk).filter(**theirs)
    heads = ("Falls due", "What is owed", "Why", "Clause", "Late after", "Case", "Customer", "Handler")
    names = {who.id: who.name for who in colleagues(here.provider.pk)}
    return Sheet("owed", heads, _owed_rows(rows, names)), f"whose={whose if theirs else 'team'}"


def _owed_rows(rows: QuerySet[DutyRow], names: dict[str, str]) -> Iterator[tuple[Value, ...]]:
    after = ""
    while True:
        page = queue.by_falling(rows.select_related("case"), after, AT_ONCE)
        for x in page.rows:
            falls = None if x.falls == NO_DATE else x.falls
            whose = names.get(x.handler, x.case.handler_name)
            yield falls, x.what, x.why, x.clause, x.late_after, x.case.reference, x.case.customer_name, whose
        after = page.onward
        if not after:
            return


def _retention(request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """The ended cases of one list on their way to being erased."""
    state = asked_for(request)
    rows = access.retentions_for(here.person, here.provider.pk).filter(state=state)
    heads = ("Case", "State", "Closed", "Day", "Why", "By", "Written down")
    return Sheet("retention", heads, _retention_rows(rows, names_at(here.provider.pk))), f"state={state}"


def _retention_rows(rows: QuerySet[Retention], names: dict[str, str]) -> Iterator[tuple[Value, ...]]:
    after = 0
    while some := list(rows.filter(case__gt=after).select_related("case").order_by("case")[:AT_ONCE]):
        for x in some:
            yield x.case.reference, x.state, x.closed, x.day, kept_because(x.why), names.get(x.by, x.by), x.at
        after = some[-1].case_id


_OF_ROLES: Final = {
    "comments": access.REVIEWS_THE_CODE, "lessons": access.SEES_LESSONS, "retention": access.SEES_LESSONS,
    "absences": DECIDE, "assignment": KEEP,
}  # fmt: skip
"""Lists whose page fewer roles open than take lists away."""

_SHEETS: Final[dict[str, Callable[[HttpRequest, Here], tuple[Sheet, str]]]] = {
    "cases": _cases, "letters": _letters, "promises": _promises, "report": _report,
    "lessons": _lessons, "found": _found, "owed": _owed,
    "mail": exported.mail_sheet, "decide": exported.decide_sheet, "appointments": exported.times_sheet,
    "suppliers": exported.suppliers_sheet, "customers": exported.customers_sheet, "needs": exported.needs_sheet,
    "money": exported.money_sheet, "comments": exported.comments_sheet, "alarms": exported.alarms_sheet,
    "outages": exported.outages_sheet, "retention": _retention, "questions": questions.questions_sheet,
    "batches": exported_sharing.batches_sheet, "absences": exported_sharing.absences_sheet,
    "assignment": exported_sharing.rules_sheet,
}  # fmt: skip
