"""The audit as people read it: who changed what about the desk, when; without private words and without secrets.

Entries keep ids, so that a name is that of today; where an entry holds free words that may name a customer (what a list was
narrowed to, why somebody's words were erased) or an address that may carry a secret, the page tells that they are there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from amends.core import saying
from amends.core.calendar import midnight
from amends.desk.models import AuditEntry, CaseRow
from amends.law import scheme_name

UNSAID: Final = "not shown here"
_ERASED: Final = ("private words erased", "comment on the code erased")
_PEOPLE: Final = ("person", "to person", "from person")
_SAID: Final = {"pence": "sum", "sha256": "fingerprint (SHA-256)"}
_LIMIT, _FILLED = "limit changed", "role of the code filled"
_FINGERPRINT: Final = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


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

    @property
    def shown(self) -> str:
        """The same for the eye: of a fingerprint only its beginning, which is enough to compare."""
        return _FINGERPRINT.sub(r"\1…", self.said)


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
    several = [str(each) for row in rows for each in row.detail.get("people", ())]
    for row in rows:
        if row.what == _FILLED:
            several += [str(each) for name in ("was", "is") for each in row.detail.get(name) or ()]
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
        if value == "":
            continue
        shown = _SAID.get(name, name.replace("_", " "))
        yield shown, _by_name(row.what, name, value, people, cases) or _said(value)


def _by_name(what: str, name: str, value: object, people: Mapping[str, str], cases: Mapping[int, str]) -> str:
    """A detail in the words that its name asks for; empty where it asks for none of its own."""
    changed = name in ("was", "is")
    if name in _PEOPLE:
        return people.get(str(value), str(value))
    if isinstance(value, list) and (name == "people" or (what == _FILLED and changed)):
        return ", ".join(people.get(str(each), str(each)) for each in value) or "none"
    if isinstance(value, int):
        if name == "pence" or (what == _LIMIT and changed):
            return saying.pence(value)
        return cases.get(value, "") if name == "case" else ""
    if name == "scheme":
        return scheme_name(str(value))
    return _kept_back(what, name, str(value))


def _kept_back(what: str, name: str, value: str) -> str:
    """What stands in the place of words that may name a customer, or of an address that may carry a secret."""
    if name == "narrowed to":
        return ", ".join(dict(parse_qsl(value))) or value
    if name == "why" and what in _ERASED:
        return UNSAID
    return _where(value) if name == "to" and what.startswith("alarms") else ""


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
    if value is None:
        return "none"
    words = str(value)
    try:
        if _MOMENT.fullmatch(words):
            return saying.moment(datetime.fromisoformat(words))
        return saying.day(date.fromisoformat(words)) if _DAY.fullmatch(words) else words
    except (ValueError, OverflowError):
        return words  # people name keys and lists as they like: it only looks like a day
