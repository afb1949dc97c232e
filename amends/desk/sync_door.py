"""The sync door: a CRM or billing system writes customers into the book, each by its own id, the same twice is one.

A key of this door (`door_keys`) only writes: nothing of a case or a customer can be read through it. What it brings goes
the way of an import, row by row, under the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from amends.desk.customers.checked import Wrong
from amends.desk.imports.customers import COLUMNS, CUSTOMER, Customers
from amends.desk.imports.reading import Row
from amends.desk.imports.running import CHANGED, NEW, SAME, Broken, Verdict
from amends.desk.models import DoorKey

SERVICES: Final = 500
"""Services of one customer in one call."""
_OF_ACCOUNT: Final = frozenset({"account", "payment_method", "billing", "account_closed_on"})
_OF_SERVICE: Final = frozenset(COLUMNS[COLUMNS.index("service") :])
_OF_CUSTOMER: Final = frozenset(COLUMNS) - _OF_ACCOUNT - _OF_SERVICE - {CUSTOMER}


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a customer: `new`, `changed` or `same`; and what is odd but kept as it was written."""

    verdict: str
    warnings: tuple[Wrong, ...]


def write(key: DoorKey, external: str, said: object, now: datetime) -> Written:
    """Write one customer with what they have, whole or not at all. Raises Broken with everything that is wrong."""
    rows = list(_rows(external, said))
    try:
        found = _bring(key, rows, now)
    except IntegrityError:
        # In that moment a person or an import wrote the same customer; now it is known, and is changed.
        found = _bring(key, rows, now)
    verdicts = [each.verdict for each in found]
    overall = next((v for v in (NEW, CHANGED) if v in verdicts), SAME)
    return Written(overall, tuple(dict.fromkeys(w for each in found for w in each.wrong)))


def _bring(key: DoorKey, rows: Sequence[Row], now: datetime) -> list[Verdict]:
    """What became of each row, in one transaction; calls of one provider go one after the other."""
    bringer = Customers(key.provider, f"key {key.name}", now)
    with transaction.atomic():
        # Else two calls about one customer would each make them, or one forget what the other wrote.
        list(DoorKey.objects.select_for_update().filter(provider=key.provider_id).order_by("pk"))
        bringer.begin(rows)
        return [bringer.bring(row) for row in rows]


def _rows(external: str, said: object) -> Iterator[Row]:
    """The customer as rows of an import: one for each service, and one for an account or a customer without any."""
    whole = _fields(said, _OF_CUSTOMER | {"accounts"}, "")
    accounts = _list(whole.pop("accounts", []), "accounts")
    who = {**_words({CUSTOMER: external}, ""), **_words(whole, "")}
    yield Row(0, who)
    for place, account in enumerate(accounts):
        at = f"accounts.{place}."
        fields = _fields(account, _OF_ACCOUNT | {"services"}, at)
        services = _list(fields.pop("services", []), f"{at}services")
        billed = {CUSTOMER: external, **_words(fields, at)}
        yield Row(0, billed)
        for number, service in enumerate(services):
            inside = f"{at}services.{number}."
            had = _words(_fields(service, _OF_SERVICE, inside), inside)
            yield Row(0, {CUSTOMER: external, "account": billed.get("account", ""), **had})


def _fields(said: object, known: frozenset[str], at: str) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise Broken(Wrong(at.rstrip(".") or "body", "a JSON object is wanted here"))
    unknown = sorted(str(name) for name in said if name not in known)
    if unknown:
        raise Broken(*(Wrong(f"{at}{name}"[:100], "no such field is known") for name in unknown[:20]))
    return dict(said)


def _list(said: object, at: str) -> list[Any]:
    if not isinstance(said, list) or len(said) > SERVICES:
        raise Broken(Wrong(at, f"a list of up to {SERVICES} is wanted here"))
    return said


def _words(fields: Mapping[str, Any], at: str) -> dict[str, str]:
    """The fields as words; null and nothing leave what is known."""
    found = {}
    for name, value in fields.items():
        if value is None or value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Broken(Wrong(f"{at}{name}", "words or a number are wanted here"))
        words = str(value)
        if "\0" in words or any("\ud800" <= c <= "\udfff" for c in words):
            raise Broken(Wrong(f"{at}{name}", "it holds what is no letter"))
        found[name] = words
    return found
