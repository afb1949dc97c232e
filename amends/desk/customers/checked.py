"""What is written about customers, accounts and services, checked: the one set of rules for forms, files and the door.

Each field has its reader, which gives the value or says what is wrong and how to mend it. Words stay words: a cell that
begins like a formula is kept as it is, for nothing here ever runs it, and lists that leave the desk disarm it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from amends.core.code import CustomerKind
from amends.core.contracts import LONGEST_TERM, Renewal
from amends.core.letters.blocks import clean, one_line
from amends.desk.customers import numbers

SERVICES: Final = {
    "line": "Telephone line", "broadband": "Broadband", "mobile": "Mobile", "numbers": "Numbers or number range",
    "sip trunk": "SIP trunk", "hosted voice": "Hosted voice", "termination": "Call termination",
    "call routing": "Inbound call routing", "sms": "Text messages", "colocation": "Colocation",
    "leased line": "Leased line", "software": "Software and interfaces", "other": "Something else",
}  # fmt: skip
"""What providers provide (N-services)."""
PAYMENT: Final = {
    "direct debit": "Direct debit", "card": "Card", "paypal": "Card through PayPal", "bacs": "BACS transfer",
    "cheque": "Cheque", "cash": "Cash", "other": "Another way",
}  # fmt: skip
BILLING: Final = {
    "monthly in arrears": "Monthly in arrears", "monthly in advance": "Monthly in advance",
    "quarterly": "Each quarter", "yearly": "Each year", "prepay": "Prepay", "other": "Otherwise",
}  # fmt: skip
PER: Final = {"month": "a month", "quarter": "a quarter", "year": "a year", "once": "once"}
PREFERS: Final = ("email", "letter", "phone")
_KINDS: Final = {
    "": "", "unknown": "", "residential": "residential", "home": "residential", "consumer": "residential",
    "domestic": "residential", "small-business": "small-business", "small business": "small-business",
    "microbusiness": "small-business", "not-for-profit": "not-for-profit", "not for profit": "not-for-profit",
    "charity": "not-for-profit", "larger-business": "larger-business", "larger business": "larger-business",
    "large business": "larger-business", "corporate": "larger-business",
}  # fmt: skip
_KINDS_SAID: Final = ", ".join(str(k) for k in CustomerKind)
_UK_DAY: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_ISO_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?(?:\.0+)?Z?)?")
_POUNDS: Final = re.compile(r"£?\s*(\d{1,6})(?:\.(\d{1,2}))?")
_EXCEL_TEXT: Final = re.compile(r'="(.*)"', re.DOTALL)
YEARS: Final = range(1980, 2101)

Reader = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Wrong:
    """One field that cannot be taken: which, what is wrong, and how to mend it. A mild one is kept as it was written."""

    field: str
    what: str
    mild: bool = False

    def __str__(self) -> str:
        return f"{self.field}: {self.what}"


class _Mild(ValueError):
    """Not what it should be, but it can be kept as it was written."""


def _line(limit: int) -> Reader:
    def read(words: str) -> str:
        said = one_line(words)
        if len(said) > limit:
            raise ValueError(f"longer than {limit} letters")
        return said

    return read


def _lines(limit: int) -> Reader:
    def read(words: str) -> str:
        said = "\n".join(line.strip() for line in clean(words).splitlines() if line.strip())
        if len(said) > limit:
            raise ValueError(f"longer than {limit} letters")
        return said

    return read


def _one_of(known: Mapping[str, str] | tuple[str, ...]) -> Reader:
    def read(words: str) -> str:
        said = " ".join(words.casefold().replace("_", " ").split())
        if said and said not in known:
            raise ValueError(f"{one_line(words)[:60]!r} is none of: {', '.join(known)}")
        return said

    return read


def _kind(words: str) -> str:
    said = " ".join(words.casefold().replace("_", " ").split())
    if said not in _KINDS:
        raise ValueError(f"{one_line(words)[:60]!r} is no kind of customer: write one of {_KINDS_SAID}")
    return _KINDS[said]


def _email(words: str) -> str:
    said = words.strip()
    try:
        if said:
            validate_email(said)
    except ValidationError as wrong:
        raise ValueError(f"{one_line(said)[:80]!r} is no email address") from wrong
    if len(said) > 320:
        raise ValueError("longer than 320 letters")
    return said


def _phone(words: str) -> str:
    said = one_line(words)[:60]
    if not said:
        return ""
    try:
        numbers.parsed(said)
    except numbers.NoNumber as wrong:
        raise _Mild(str(wrong)) from wrong
    return numbers.shown(said)


def _numbers(words: str) -> str:
    return "\n".join(each.shown for each in numbers.ranges(words))


def _whole(least: int, most: int) -> Reader:
    def read(words: str) -> int | None:
        said = words.strip().replace(",", "").removesuffix(".0")
        if not said:
            return None
        if not (said.isascii() and said.isdecimal() and len(said) < 10 and least <= int(said) <= most):
            raise ValueError(f"{one_line(words)[:40]!r} is no number from {least} to {most:,}")
        return int(said)

    return read


def day(words: str) -> date | None:
    """A day as people write it: 2026-04-02 or 2/4/2026, the day first. Raises ValueError."""
    said = words.strip()
    if not said:
        return None
    iso, uk = _ISO_DAY.fullmatch(said), _UK_DAY.fullmatch(said)
    try:
        if iso:
            found = date(int(iso[1]), int(iso[2]), int(iso[3]))
        elif uk:
            found = date(int(uk[3]), int(uk[2]), int(uk[1]))
        else:
            raise ValueError(said)
    except ValueError as wrong:
        raise ValueError(
            f"{one_line(said)[:40]!r} is no day: write it like 2026-04-02, or 02/04/2026"
        ) from wrong
    if found.year not in YEARS:
        raise ValueError(f"{said!r} lies outside the years {YEARS[0]} to {YEARS[-1]}")
    return found


def _pence(words: str) -> int | None:
    said = words.replace(",", "").strip()
    if not said:
        return None
    found = _POUNDS.fullmatch(said)
    if found is None:
        raise ValueError(f"{one_line(words)[:40]!r} is no sum: write pounds and pence, such as 29.99")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


CUSTOMER: Final[dict[str, Reader]] = {
    "kind": _kind, "name": _line(200), "email": _email, "phone": _phone, "address": _lines(1000),
    "prefers": _one_of(PREFERS), "headcount": _whole(0, 1_000_000), "counted_how": _line(200), "counted_on": day,
}  # fmt: skip
ACCOUNT: Final[dict[str, Reader]] = {
    "payment_method": _one_of(PAYMENT), "billing": _one_of(BILLING), "closed_on": day,
}  # fmt: skip
SERVICE: Final[dict[str, Reader]] = {
    "kind": _one_of(SERVICES), "name": _line(200), "numbers": _numbers, "address": _lines(1000), "starts": day,
    "minimum_months": _whole(0, LONGEST_TERM), "renewal": _one_of(tuple(str(r) for r in Renewal if r)),
    "renewal_words": _line(500), "ends": day, "price_pence": _pence, "price_per": _one_of(PER), "terms": _line(100),
}  # fmt: skip

Values = dict[str, Any]


def read(rules: Mapping[str, Reader], said: Mapping[str, str]) -> tuple[Values, tuple[Wrong, ...]]:
    """The values of the fields that were said, and what is wrong with the others. What was not said is not there."""
    values: Values = {}
    wrong: list[Wrong] = []
    for name, reader in rules.items():
        if name not in said:
            continue
        words = bare(said[name])
        try:
            values[name] = reader(words)
        except _Mild as mild:
            values[name] = one_line(words)[:60]
            wrong.append(Wrong(name, str(mild), mild=True))
        except ValueError as fault:
            wrong.append(Wrong(name, str(fault)))
    return values, tuple(wrong)


def bare(words: str) -> str:
    """The words of a cell without the wrapping by which spreadsheets keep a number as text: ="0123" is 0123."""
    found = _EXCEL_TEXT.fullmatch(words.strip())
    return found[1] if found else words


def fits_customer(values: Mapping[str, Any]) -> tuple[Wrong, ...]:
    """What does not fit together in a customer as a whole: all that is known, not only what was said last."""
    wrong = []
    if values.get("headcount") is not None and not values.get("counted_how"):
        wrong.append(
            Wrong("counted_how", "a headcount says how it was counted, such as: payroll of March (R-02)")
        )
    if values.get("kind") == CustomerKind.RESIDENTIAL and (values.get("headcount") or 0) > 0:
        wrong.append(
            Wrong(
                "headcount", "a customer at home has no headcount: leave it out, or say what business it is"
            )
        )
    if not values.get("name"):
        wrong.append(Wrong("name", "a customer has a name"))
    return tuple(wrong)


def fits_service(values: Mapping[str, Any]) -> tuple[Wrong, ...]:
    """What does not fit together in a service: an impossible contract."""
    wrong = []
    starts, ends = values.get("starts"), values.get("ends")
    if not values.get("kind"):
        wrong.append(Wrong("kind", f"a service is one of: {', '.join(SERVICES)}"))
    if starts and ends and ends < starts:
        wrong.append(Wrong("ends", "a contract cannot end before it starts"))
    if values.get("minimum_months") and not starts:
        wrong.append(Wrong("starts", "a minimum term runs from the start of the contract: say when that was"))
    if values.get("price_pence") is not None and not values.get("price_per"):
        wrong.append(Wrong("price_per", f"a price is for something: {', '.join(PER)}"))
    return tuple(wrong)
