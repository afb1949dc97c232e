"""The audit as people read it: who changed what about the desk, when; without private words and without secrets.

Entries keep ids, so that a name is that of today; where an entry holds free words that may name a customer (what a list was
narrowed to, why somebody's words were erased) or an address that may carry a secret, the page tells that they are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from amends.core.calendar import midnight
from amends.desk.models import AuditEntry, CaseRow

UNSAID: Final = "not shown here"
_ERASED: Final = ("private words erased", "comment on the code erased")
_PEOPLE: Final = ("person", "to person", "from person")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: when, by whom, what, and its details in order, each with its name."""

    number: int
    at: datetime
    by: str
    what: str
    details: tuple[tuple[str, str], ...]

    @property
    def said(self) -> str:
        """The details in one line."""
        return "; ".join(f"{name}: {value}" for name, value in self.details)


def entries(
    provider: str, *, what: str = "", by: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[AuditEntry]:
    """The entries of one provider, newest first, narrowed to what was done, by whom, and between two London days."""
    found = AuditEntry.objects.filter(provider=provider)
    if what:
        found = found.filter(what=what)
    if by:
        found = found.filter(by=by)
    if since:
        found = found.filter(at__gte=midnight(since))
    if until:
        found = found.filter(at__lt=midnight(until + timedelta(days=1)))
    return found.order_by("-at", "-id")


def older(found: QuerySet[AuditEntry], provider: str, than: int) -> QuerySet[AuditEntry]:
    """Those before an entry of the same provider, in the order of the page; all of them where there is no such entry."""
    last = AuditEntry.objects.filter(provider=provider, pk=than).first()
    return found.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk)) if last else found


def read(rows: Sequence[AuditEntry]) -> list[Line]:
    """Entries as people read them, with the names of people and the references of cases."""
    named = (str(row.detail[name]) for row in rows for name in _PEOPLE if name in row.detail)
    several = (str(each) for row in rows for each in row.detail.get("people", ()))
    people = names({*(row.by for row in rows), *named, *several})
    numbers = {row.detail["case"] for row in rows if isinstance(row.detail.get("case"), int)}
    cases = dict(CaseRow.objects.filter(pk__in=numbers).values_list("pk", "reference"))
    return [
        Line(row.pk, row.at, people.get(row.by, row.by), row.what, tuple(_details(row, people, cases)))
        for row in rows
    ]


def names(ids: Iterable[str]) -> dict[str, str]:
    """What people are called, by their ids, also those who left."""
    numbers = {int(each) for each in ids if each.isascii() and each.isdigit() and len(each) < 19}
    found = User.objects.filter(pk__in=numbers).only("first_name", "last_name", "username")
    return {str(person.pk): person.get_full_name() or person.get_username() for person in found}


def _details(
    row: AuditEntry, people: Mapping[str, str], cases: Mapping[int, str]
) -> Iterable[tuple[str, str]]:
    # One database keeps the order in which they were written, another does not.
    for name, value in sorted(row.detail.items()):
        if name in _PEOPLE:
            yield name, people.get(str(value), str(value))
        elif name == "people" and isinstance(value, list):
            yield name, ", ".join(people.get(str(each), str(each)) for each in value) or "none"
        elif name == "case" and isinstance(value, int):
            yield name, cases.get(value, str(value))
        elif name == "narrowed to":
            yield name, ", ".join(dict(parse_qsl(str(value)))) or "nothing"
        elif name == "why" and row.what in _ERASED:
            yield name, UNSAID
        elif name == "to" and row.what.startswith("alarms"):
            yield name, _where(str(value))
        else:
            yield name.replace("_", " "), _said(value)


def _where(target: str) -> str:
    """The host alone of an address: its path is often the secret by which it is called."""
    host = urlsplit(target).hostname if "//" in target else None
    return host or target


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{k} {_said(v)}" for k, v in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(_said, value)) or "none"
    return "none" if value is None else str(value)
