"""What stories do behind the scenes: each function runs in the process of a served desk (`Served.do`)."""

from __future__ import annotations

from dataclasses import dataclass

from amends.desk import inbox
from amends.desk.houses import access_code
from amends.desk.models import CaseRow, Mailbox, Outgoing, Provider
from amends.desk.now import now, set_now
from amends.desk.ticker import tick
from tests.desk.made import MONDAY, provider
from tests.desk.office import NOON, Office

SLUG = "larkfield"
"""The provider of the model code, as it stands in addresses."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was decided: what a customer finds in the post or in the mailbox."""

    kind: str
    subject: str
    words: str
    to: str
    fate: str


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


def _office() -> Office:
    """The office that is there, as the tests of pages know it."""
    from django.contrib.auth.models import User

    from amends.desk.models import RoleName

    made = object.__new__(Office)
    made.provider = Provider.objects.get(pk=SLUG)
    made.people = {str(role): User.objects.get(username=f"{role}@{SLUG}") for role in RoleName}
    made.row = CaseRow.objects.order_by("pk")[0]
    return made


def empty_office() -> None:
    """An office on its first morning: people, and nothing else."""
    from amends.desk.models import Mail, RoleName
    from tests.desk.made import person

    set_now(MONDAY.isoformat())
    at = provider("example", scheme="communications-ombudsman", mail=Mail.FOLDER)
    for role in RoleName:
        person(at, role)
    clock(NOON.isoformat())


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
