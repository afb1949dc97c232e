"""What of the lists of waiting work, money, customers and the house leaves the desk: the columns and rows of each file.

Each is narrowed as its page is, by the same rules of who may see what, and is read a part at a time while it is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from amends.core.calendar import london_date
from amends.desk import access, outages
from amends.desk import audit as entries
from amends.desk.alarms import ENDED_BY_A_PERSON
from amends.desk.customers import finding, recorded
from amends.desk.models import ApprovalRow, AuditEntry, AwardRow, CustomerRow, Outage, Role, SignIn
from amends.desk.people import called, names_at
from amends.desk.sheets import Sheet, Value
from amends.desk.views import appointments, mail, money
from amends.desk.views.customers import kind_label
from amends.desk.views.decide import asked_of, standing_in
from amends.desk.views.here import Here

AT_ONCE: Final = 500
R = TypeVar("R", bound=Model)
Rows = Iterator[tuple[Value, ...]]


def in_turn(rows: QuerySet[R], column: str = "id") -> Iterator[R]:
    """All rows, a part after the other, by a moment that each has and then by their ids."""
    last: R | None = None
    while True:
        left = rows
        if last is not None:
            at = getattr(last, column)
            left = rows.filter(**{f"{column}__gte": at}).filter(
                Q(**{f"{column}__gt": at}) | Q(**{column: at, "pk__gt": last.pk})
            )
        some = list(left.order_by(column, "pk")[:AT_ONCE])
        yield from some
        if len(some) < AT_ONCE:
            return
        last = some[-1]


def mail_sheet(request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """The messages of one tab, the oldest first."""
    tab = request.GET.get("state", "")
    tab = tab if tab in mail.TABS else "held"
    rows = access.messages_for(here.person, here.provider.pk).filter(state__in=mail.TABS[tab][1])
    heads = ("Came", "From", "About", "Where it stands", "What was odd", "Case", "Bytes")
    said: Rows = (
        (m.received, m.sender, m.subject, m.state, m.reason, m.case.reference if m.case else "", m.size)
        for m in in_turn(rows.select_related("case"), "received")
    )
    return Sheet("mail", heads, said), f"state={tab}"


def decide_sheet(request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """What waits for a decision, was asked for by whoever looks, or was decided; in the order in which it was asked."""
    shown = request.GET.get("show", "")
    rows, shown = standing_in(here, shown)
    heads = (
        "Asked", "Asked by", "What is asked for", "Clause", "Role of the code", "Why", "Case", "Customer", "Where it stands",
        "Answered", "Answers",
    )  # fmt: skip
    return Sheet("decisions", heads, _decide_rows(here, rows)), f"show={shown}"


def _decide_rows(here: Here, rows: QuerySet[ApprovalRow]) -> Rows:
    some: list[ApprovalRow] = []
    for row in in_turn(rows.select_related("case"), "asked"):
        some.append(row)
        if len(some) == FOLDED_AT_ONCE:
            yield from _decided(here, some)
            some = []
    yield from _decided(here, some)


FOLDED_AT_ONCE: Final = 25
"""Requests whose cases are read together: their words stand in the facts."""


def _decided(here: Here, rows: list[ApprovalRow]) -> Rows:
    for x in asked_of(here, rows):
        answers = "; ".join(f"{who} {said}{f': {why}' if why else ''}" for who, said, why in x.answers)
        yield (
            x.asked.asked, x.by, x.what, x.asked.clause, x.asked.role, x.asked.why, x.row.case.reference,
            x.case.customer.name, x.asked.standing, x.row.answered, answers,
        )  # fmt: skip


def times_sheet(request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """The agreed contact times of a stretch of days, of one person or of everybody, with all or one end."""
    names = names_at(here.provider.pk)
    asked = appointments.asked_for(here, request.GET, names, "all")
    heads = (
        "Begins",
        "Ends",
        "Agreed first for",
        "Who calls",
        "Channel",
        "Number",
        "Case",
        "Customer",
        "What became of it",
        "Why",
    )
    said: Rows = (
        (a.starts, a.ends, a.first, names.get(a.person, a.person), a.channel, a.number, a.case.reference,
         a.case.customer_name, a.settled, a.why)
        for a in in_turn(asked.rows, "starts")
    )  # fmt: skip
    return Sheet("contact times", heads, said), asked.query


def suppliers_sheet(_request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """What waits on suppliers, what is to be chased first standing first."""
    rows = access.suppliers_for(here.person, here.provider.pk).filter(answered=None).select_related("case")
    heads = ("To chase", "Supplier", "Their reference", "Asked", "Chased so often", "Case", "Customer")
    said: Rows = (
        (s.chase, s.supplier, s.number, s.asked, s.chased, s.case.reference, s.case.customer_name)
        for s in in_turn(rows, "chase")
    )
    return Sheet("suppliers", heads, said), ""


def outages_sheet(request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """The outages that stand, or those that are over, the longest ago first."""
    past = request.GET.get("show") == "past"
    rows = access.outages_for(here.person, here.provider.pk).filter(until__isnull=not past)
    heads = (
        "Number",
        "What is down",
        "Since",
        "Until",
        "Who said so",
        "Supplier",
        "Their reference",
        "Cases",
    )
    return Sheet("outages", heads, _outages(rows, here.provider.pk)), "show=past" if past else ""


def _outages(rows: QuerySet[Outage], provider: str) -> Rows:
    for x in in_turn(rows, "since"):
        linked = outages.cases_in(provider, [x.number]).get(x.number, 0)
        yield x.number, x.what, x.since, x.until, x.said_by, x.supplier, x.reference, linked


def customers_sheet(request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """The customers' book, or what a search in it finds. The audit tells that it was a search, and not for whom."""
    rows = access.customers(here.person, here.provider.pk).filter(erased_at__isnull=True)
    said = request.GET.get("find", "").strip()
    found = finding.find(rows, here.provider.pk, said) if said else in_turn(rows)
    heads = (
        "Number",
        "Your number",
        "Kind",
        "Name",
        "Email",
        "Phone",
        "Address",
        "Postcode",
        "Prefers",
        "Account manager",
        "Since",
    )
    return Sheet("customers", heads, map(_customer, found)), "a search" if said else ""


def _customer(x: CustomerRow) -> tuple[Value, ...]:
    return (
        x.pk, x.external, x.kind, x.name, x.email, x.phone, x.address, x.postcode, x.prefers, x.account_manager_name, x.made,
    )  # fmt: skip


def needs_sheet(_request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """The needs of customers that are to be asked about again."""
    due = recorded.to_review(access.needs_for(here.person, here.provider.pk), london_date(here.now))
    said: Rows = (
        (need.review, need.customer_id, need.customer.name, kind_label(need), need.words)
        for need in in_turn(due.select_related("customer"), "review")
    )
    return Sheet("needs", ("Owed since", "Number", "Customer", "Need", "In words"), said), ""


def money_sheet(request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """The sums of one tab of the money list, in the order in which they came to be owed."""
    tab = request.GET.get("state", "owed")
    rows, tab = money.sums(here, tab)
    heads = (
        "Number", "Pence", "What it is", "What it rests on", "Clause", "Pay by", "Owed since", "Where it stands", "Since",
        "Case", "Customer", "Account",
    )  # fmt: skip
    return Sheet("money", heads, map(_sum, in_turn(rows.select_related("case"), "owed"))), f"state={tab}"


def _sum(x: AwardRow) -> tuple[Value, ...]:
    return (
        x.number, x.pence, x.kind, x.basis, x.clause, x.pay_by, x.owed, x.stands, x.since, x.case.reference,
        x.case.customer_name, x.case.account,
    )  # fmt: skip


def comments_sheet(request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """What people said of the code, as far as it is not erased: what waits, or what was considered."""
    considered = request.GET.get("state") == "considered"
    rows = access.comments_for(here.person, here.provider.pk).filter(considered_at__isnull=not considered)
    names = names_at(here.provider.pk)
    heads = ("Said", "Clause", "Version", "Words", "Name", "Email", "Considered", "By", "Decided")
    said: Rows = (
        (c.at, c.clause, c.code.version, c.words, c.name, c.email, c.considered_at,
         names.get(c.considered_by, c.considered_by), c.decision)
        for c in in_turn(rows.select_related("code"), "at")
    )  # fmt: skip
    return Sheet("comments", heads, said), "state=considered" if considered else ""


def alarms_sheet(_request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """The alarms that stand, with their section of the runbook."""
    rows = access.alarms_for(here.person).filter(Q(provider=here.provider) | Q(provider=None))
    heads = ("Since", "Kind", "What it says", "Runbook", "Ended by")
    said: Rows = (
        (a.raised, a.kind, a.text, a.runbook, "a person" if a.kind in ENDED_BY_A_PERSON else "its reason")
        for a in in_turn(rows, "raised")
    )
    return Sheet("alarms", heads, said), ""


def audit_sheet(here: Here, found: QuerySet[AuditEntry]) -> Sheet:
    """Entries of the audit as people read them, the newest first."""
    return Sheet("audit", ("When", "By", "What", "Details"), _entries(found, here.provider.pk))


def _entries(found: QuerySet[AuditEntry], provider: str) -> Rows:
    some = list(found[:AT_ONCE])
    while some:
        for line in entries.read(some):
            yield line.at, line.by, line.what, line.said
        some = list(entries.older(found, provider, some[-1].pk)[:AT_ONCE])


def people_sheet(here: Here) -> Sheet:
    """Who works here, a line for each role."""
    rows = Role.objects.filter(provider=here.provider).select_related("person")
    said: Rows = (
        (called(r.person), r.person.get_username(), r.role, r.phone, r.email, r.person.last_login)
        for r in in_turn(rows, "person_id")
    )
    return Sheet("people", ("Name", "Signs in as", "Role", "Phone", "Email", "Last signed in"), said)


def sign_ins_sheet(rows: QuerySet[SignIn]) -> Sheet:
    """The log of sign-ins, as its page tells it."""
    said: Rows = (
        (
            x.at,
            called(x.person) if x.person else "",
            x.tried,
            x.by,
            x.email,
            x.subject,
            x.why,
            x.address,
            x.browser,
        )
        for x in in_turn(rows)
    )
    heads = ("When", "Who", "What", "By", "Email there", "Id there", "Why", "From", "Browser")
    return Sheet("sign-ins", heads, said)
