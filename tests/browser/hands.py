"""What stories do behind the scenes: each function runs in the process of a served desk (`Served.do`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from amends.desk import inbox
from amends.desk.houses import access_code
from amends.desk.models import CaseRow, Mailbox, Outgoing, Provider
from amends.desk.now import now, set_now
from amends.desk.ticker import tick
from tests.browser.served import SLUG
from tests.desk.made import MONDAY
from tests.desk.office import NOON, Office

GOES_ELSEWHERE = frozenset({"home", "desk", "second-factor", "sign-on-return", "billing-sums"})
"""Addresses that show a page to no person, or only on the way to another one: the sign-in journeys come past those."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was decided: what a customer finds in the post or in the mailbox."""

    kind: str
    subject: str
    words: str
    to: str
    fate: str


@dataclass(frozen=True, slots=True)
class Place:
    """An address of the desk, and who opens it."""

    name: str
    who: str
    address: str


def office() -> None:
    """An office on Monday 2 November 2026 at noon: a person in each role, and the case that Ann opened at nine."""
    set_now(MONDAY.isoformat())
    made = Office()
    assert made.slug == SLUG
    Mailbox.objects.create(
        provider=made.provider, address="complaints@larkfield.example", from_name="Larkfield", created=MONDAY
    )
    clock(NOON.isoformat())


def furnished_office() -> None:
    """The same office with something of everything in it, hostile words included."""
    from tests.desk.test_html import furnished

    furnished(_office())


def street() -> list[Place]:
    """The furnished office with something behind every address: the addresses, each with who opens it."""
    from amends.desk.forms.deeds import BY_SLUG
    from tests.desk import test_strangers as walked

    office = _office()
    street = walked.Street(office)
    furnished_office()
    office.proposed()
    found = []
    for place in walked.ALL:
        if place.name in walked.ONLY_POST or place.name in GOES_ELSEWHERE:
            continue
        who = _who(place.name)
        found.append(Place(place.name, who, street.address(place)))
        if place.name == "deed":
            found += [Place(f"deed {slug}", who, office.case_at(slug)) for slug in sorted(BY_SLUG)]
    return found


def _who(name: str) -> str:
    """Who opens this address in the walk: a role of the office, Ann with her case open, or a stranger."""
    from tests.desk import test_strangers as walked

    if name in walked.PUBLIC:
        return "stranger"
    if name in walked.OF_A_CUSTOMER:
        return "customer"
    if name in walked.OF_ONESELF:
        return "handler"
    first = ("manager", "administrator", "compliance", "director")
    return next(role for role in first if role in walked.ROLES[name])


def _office() -> Office:
    """The office that is there, as the tests of pages know it."""
    from django.contrib.auth.models import User

    from amends.desk.models import RoleName

    made = object.__new__(Office)
    made.provider = Provider.objects.get(pk=SLUG)
    made.people = {str(role): User.objects.get(username=f"{role}@{SLUG}") for role in RoleName}
    made.row = CaseRow.objects.order_by("pk")[0]
    return made


def clock(iso: str) -> None:
    """Time goes on to this moment, and the worker does all that has fallen due by then."""
    set_now(iso)
    tick(now())


def mail(name: str, address: str, subject: str, words: str) -> str:
    """A mail comes in now; the reference of the case that it opened or joined."""
    raw = f"From: {name} <{address}>\r\nTo: complaints@larkfield.example\r\nSubject: {subject}\r\n"
    raw += f"Message-ID: <{abs(hash((address, subject, words)))}@example.org>\r\n\r\n{words}"
    received = inbox.receive(Provider.objects.get(pk=SLUG), raw.encode(), now(), now=now())
    assert received.case is not None
    return received.case


def letters(reference: str) -> list[Letter]:
    """What has been written on this case, first to last."""
    rows = Outgoing.objects.filter(case__reference=reference).order_by("pk")
    return [Letter(row.letter, row.subject, row.text, row.to, row.state) for row in rows]


def newest() -> str:
    """The reference of the case that came last."""
    return CaseRow.objects.order_by("-pk")[0].reference


def code_of(reference: str) -> str:
    """The code that opens this case in the portal, as its letters give it."""
    return access_code(CaseRow.objects.get(reference=reference))


def first() -> str:
    """The reference of Ann's case, which was there from the beginning."""
    return CaseRow.objects.order_by("pk")[0].reference


def tick_now() -> None:
    """The worker does all that has fallen due by now."""
    tick(now())


def propose(reference: str) -> None:
    """Hana puts an outcome to the customer, with a credit of £28.99, and the letter leaves."""
    from amends.desk import actions
    from amends.desk.record import docket

    row = CaseRow.objects.get(reference=reference)
    by = actions.Actor("7", "Hana", "handler", "01632 960001", "hana@larkfield.example")
    words = "A joint was wet. It is renewed, and we refund the month."
    with docket(row.pk, now=now()) as d:
        refusal = actions.propose(d, d.cases[row.pk], by, now(), words=words, credit_pence=2899)
        assert refusal is None, refusal
    tick(now())


def link_to(reference: str) -> str:
    """The address that a mail gives to whoever asked for a link to this case."""
    from amends.desk.access import make_link

    row = CaseRow.objects.get(reference=reference)
    return f"/portal/{SLUG}/link/{make_link(row, row.customer_email, now=now())}"


def moment() -> datetime:
    """What time it is at the desk."""
    return now()
