"""Every page of the portal, with its mistakes where it can have some: what tests of all of them walk through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from amends.core import facts as f
from amends.core.kinds import DATA_REQUESTS
from amends.desk.access import make_link
from amends.desk.customers import linking
from amends.desk.customers.book import keep_customer
from amends.desk.houses import access_code
from amends.desk.models import CaseRow, CustomerRow, Service
from amends.desk.record import docket
from tests.desk.office import NOON, Office
from tests.desk.test_complaining import ANSWERS
from tests.desk.test_complaining import answer as answered
from tests.desk.visitor import Page, Visitor

NOT_THERE = 404


def pages(office: Office) -> Iterator[Page]:
    """Every page of the portal, as a customer comes past them."""
    jo = Visitor()
    for path in ("", "code", "complain", "complain/on-one-page", "follow", "chat", "copy", "comment"):
        yield jo.get(office.portal(path))
    yield from _complaining(office, jo)
    yield from _following(office)
    yield from _chatting(office)
    asked = Visitor()
    said = {"prefers": "email", "name": "Bo Bell", "email": "bo@example.org"}
    yield asked.press(asked.get(office.portal("copy")), "Send me a copy")
    yield asked.press(asked.get(office.portal("copy")), "Send me a copy", wanted="usual", **said)
    yield asked.press(asked.get(office.portal("comment")), "Send my comment")
    yield from _asking_about_data(office)
    yield asked.get(office.portal("no-such-page"))


def _asking_about_data(office: Office) -> Iterator[Page]:
    ann = Visitor()
    page = ann.get(office.portal("data"))
    yield page
    for kind in DATA_REQUESTS:
        form = ann.get(office.portal(f"data/{kind.slug}"))
        yield form
        yield ann.press(form, "Send my request")
    yield ann.press(
        form, "Send my request", name="Di Dale", prefers="email", email="di@example.org", erase="All of it"
    )


def _complaining(office: Office, jo: Visitor) -> Iterator[Page]:
    for step in ANSWERS:
        page = jo.get(office.portal(f"complain/{step}"))
        yield page
        if step != "files":
            empty: dict[str, Any] = {"wanted": "Braille"} if step == "format" else {}
            yield jo.press(page, "Go on", **empty)
    yield jo.press(jo.get(office.portal("complain/on-one-page")), "Send my complaint")
    page = answered(office, jo)
    yield page
    yield jo.get(office.portal("complain"))
    yield jo.press(page, "Send my complaint")


def _following(office: Office) -> Iterator[Page]:
    office.proposed()
    ann, row = Visitor(), office.row
    _with_services(row)
    page = ann.get(office.portal("follow"))
    yield ann.press(page, "See my complaint")
    yield ann.press(page, "See my complaint", reference=row.reference, code="WRONG")
    said = {"link-reference": row.reference, "link-email": row.customer_email}
    yield ann.press(page, "Send me a link", **said)
    address = office.portal(f"link/{make_link(row, row.customer_email, now=NOON)}")
    page = ann.get(address)
    yield page
    page = ann.press(page, "Open my complaint")
    yield page
    yield ann.press(page, "Send my answer")
    page = ann.press(page, "Send my answer", **{"reply-accepted": "no", "reply-words": "Too little."})
    yield page
    yield ann.press(page, "Ask for this")
    yield ann.get(address)
    yield from _gone_to_scheme(office, ann)
    bea = Visitor()
    page = bea.get(office.portal("follow"))
    yield bea.press(page, "See my complaint", reference=row.reference, code=access_code(row))


def _gone_to_scheme(office: Office, ann: Visitor) -> Iterator[Page]:
    """Before there is anything to tell; after the ADR letter; and what came of it."""
    address = office.portal("case/scheme")
    yield ann.get(address)
    with docket(office.row.pk, now=NOON) as d:
        gone = f.LetterBefore(
            at=NOON, logged=NOON, letter="adr-letter", channel="email", source="the old desk"
        )
        d.cases[office.row.pk].add(gone)
    yield ann.get(office.portal("case"))
    form = ann.get(address)
    yield form
    yield ann.press(form, "Tell us")
    yield ann.press(form, "Tell us", day=NOON.date().isoformat(), number="CO-118204")
    with docket(office.row.pk, now=NOON) as d:
        found = f.SchemeNotFound(at=NOON, logged=NOON, by="7", words="By phone")
        d.cases[office.row.pk].add(found)
    yield ann.get(office.portal("case"))


def _with_services(row: CaseRow) -> None:
    """The customers' book knows Ann, and what she has."""
    at = row.provider
    ann = keep_customer(at, {"name": "Ann Archer", "email": row.customer_email}, by="7", now=NOON)
    assert isinstance(ann, CustomerRow)
    for kind, more in (
        ("broadband", {"starts": date(2026, 3, 1), "minimum_months": 18, "renewal": "monthly"}),
        ("mobile", {"ends": date(2026, 12, 1)}),
    ):
        Service.objects.create(
            provider=at, customer=ann, kind=kind, price_pence=2899, price_per="month", **more
        )
    with docket(row.pk, now=NOON) as d:
        assert linking.link(d.cases[row.pk], ann, by="7", now=NOON) is None
        d.cases[row.pk].add(f.IdentityChecked(at=NOON, logged=NOON, by="7", passed=True))


def _chatting(office: Office) -> Iterator[Page]:
    amy, cy = office.visitor("agent"), Visitor()
    board = office.at("chats")
    amy.press(amy.get(board), "I am here for chats")
    page = cy.get(office.portal("chat"))
    yield page
    yield cy.press(page, "Start the chat")
    page = cy.press(page, "Start the chat", words="My line hums.", name="Cy", email="cy@example.org")
    yield page
    yield cy.press(page, "Send")
    yield cy.press(page, "End the chat")
    yield cy.get(office.portal("chat"))
