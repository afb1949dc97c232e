"""Providers, people and cases for tests of the desk, made through the same doors as in life."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User

from amends.core import facts as f
from amends.core.calendar import LONDON
from amends.desk.models import CaseRow, Mail, Provider, RoleName
from amends.desk.people import make_person
from amends.desk.providers import Adopted, adopt
from amends.desk.record import CaseInHand, Docket, docket

CODES = Path(__file__).parents[2] / "amends" / "codes"
PASSWORD = "a long enough pass phrase"


def london(iso: str) -> datetime:
    """A London wall-clock time such as "2026-11-02 09:00" as an aware moment."""
    return datetime.fromisoformat(iso).replace(tzinfo=LONDON)


MONDAY = london("2026-11-02 09:00")


def example(version: str = "July 2026", begins: str = "1 July 2026") -> str:
    """The text of the model code, as a version that is in force from a day on."""
    text = (CODES / "example.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^version: .*$", f"version: {version}", text)
    return re.sub(r"(?m)^in force from: .*$", f"in force from: {begins}", text)


def provider(
    name: str = "example",
    now: datetime = MONDAY,
    *,
    mail: Mail = Mail.OFF,
    scheme: str = "",
    since: str = "2020-01-01",
) -> Provider:
    """The provider of one of the codes that come with the program, its code adopted as published."""
    path = CODES / f"{name}.yaml"
    adopted = adopt(
        path.read_text(encoding="utf-8"), path.name, now=now, by="test", as_published=True,
        scheme=scheme, since=date.fromisoformat(since) if scheme else None,
    )  # fmt: skip
    assert isinstance(adopted, Adopted), adopted
    Provider.objects.filter(pk=adopted.provider).update(mail=mail)
    return Provider.objects.get(pk=adopted.provider)


def person(at: Provider, role: RoleName, username: str = "") -> User:
    """Somebody with a role at a provider."""
    made = make_person(
        username or f"{role}@{at.pk}", name=role.capitalize(), password=PASSWORD, provider=at, role=role,
        by="test", now=MONDAY, phone="01632 960001", email=f"{role}@{at.pk}.example",
    )  # fmt: skip
    assert isinstance(made, User), made
    return made


ANN: Mapping[str, Any] = {"name": "Ann Archer", "email": "ann@example.org"}


def complain(
    d: Docket, at: Provider, received: datetime, customer: Mapping[str, Any] = ANN, **contact: Any
) -> CaseInHand:
    """A case opened by one email (or what `contact` says) from a customer."""
    hand = d.open_case(at, received)
    hand.add(
        f.ContactReceived(
            **{
                "at": received, "logged": d.now, "contact": "first", "channel": "email", "received": received,
                "sender": str(customer.get("email", "")), "subject": "No internet", "words": "It is down again.",
                **contact,
            }
        ),
        f.CustomerKnown(at=received, logged=d.now, **customer),
    )  # fmt: skip
    return hand


def case(
    at: Provider, received: datetime = MONDAY, customer: Mapping[str, Any] = ANN, **contact: Any
) -> CaseRow:
    """A case of this provider, first received then and taken in at that moment."""
    with docket(now=received) as d:
        hand = complain(d, at, received, customer, **contact)
    return CaseRow.objects.get(pk=hand.row.pk)


def tell(row: CaseRow, now: datetime, kind: type[f.Fact], **fields: Any) -> CaseRow:
    """One more fact on a case, now; the row as it then stands."""
    with docket(row.pk, now=now) as d:
        d.cases[row.pk].add(kind(**{"at": now, "logged": now, "by": "7", **fields}))
    return CaseRow.objects.get(pk=row.pk)


def look(row: CaseRow, now: datetime) -> CaseRow:
    """Let the desk look at a case, as the ticker does; the row as it then stands."""
    with docket(row.pk, now=now):
        pass
    return CaseRow.objects.get(pk=row.pk)


def closed(row: CaseRow, now: datetime) -> CaseRow:
    """The case after its customer's own word, its letters having left."""
    with docket(row.pk, now=now) as d:
        hand = d.cases[row.pk]
        for letter in hand.case.letters:
            if not letter.fate:
                hand.add(f.LetterFate(at=now, logged=now, key=letter.key, fate="sent"))
        hand.add(f.CaseClosed(at=now, logged=now, by="7", evidence="customer confirmed", how="portal"))
    return CaseRow.objects.get(pk=row.pk)


def days(number: float) -> timedelta:
    """So many days."""
    return timedelta(days=number)
