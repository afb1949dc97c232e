"""Finding a case by what a caller says: reference, email, phone, postcode, account, customer number or name; and by words.

What reads like a name or a number is looked up by its own index and stands first; then come the cases on which the words
stand side by side, then those that hold all of them somewhere, each the newest first. Until somebody's identity has been
checked a result shows name, postcode area and reference, and no more (design: Security).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.utils import DatabaseError

from amends.desk import lookup, words
from amends.desk.address import Address
from amends.desk.customers import finding
from amends.desk.hints import postcode
from amends.desk.models import CaseAddress, CaseRow
from amends.desk.reference import normal

FOUND: Final = 20
"""So many results are shown; whoever finds more turns the page or says more."""
LONGEST: Final = 200
MOST_WORDS: Final = 12
_HIGHEST: Final = "\U0010fffd"
_FEW: Final = 3
"""Letters below which no beginning of a name is looked up: half the town would be found."""
_NUMBER: Final = re.compile(r"[\d\s()+.-]{6,}")
_LONG_NUMBER: Final = re.compile(r"\+?\d[\d ()./-]{5,}\d")


@dataclass(frozen=True, slots=True)
class Result:
    """A case as a search may show it before the identity check."""

    reference: str
    name: str
    area: str
    """The first half of the postcode."""
    is_open: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results, and where the next one goes on; empty at the end."""

    results: list[Result]
    onward: str = ""


SHOWN: Final = ("reference", "customer_name", "postcode", "is_open", "provider_id")


def search(cases: QuerySet[CaseRow], provider: str, said: str) -> list[Result]:
    """The newest cases that fit what was said as a name or number; none for words that say too little."""
    return [_result(row) for row in _known(cases, provider, said[:LONGEST].strip())]


def find(cases: QuerySet[CaseRow], provider: str, said: str, after: str = "") -> Found:
    """A page of cases: on the first one those of that name or number, then those on which the words stand.

    A key that we did not make begins at the start.
    """
    said = said[:LONGEST].strip()
    place = _place(after)
    known = _known(cases, provider, said) if place is None else []
    shown = known[:FOUND]
    onward = ""
    if len(shown) < FOUND and not normal(said):
        others, onward = _worded(cases, provider, said, place, FOUND - len(shown), {row.pk for row in known})
        shown += others
    return Found([_result(row) for row in shown], onward)


def _result(row: CaseRow) -> Result:
    return Result(row.reference, row.customer_name, row.postcode.partition(" ")[0], row.is_open)


# --- names and numbers ---------------------------------------------------------------------------------


def _known(cases: QuerySet[CaseRow], provider: str, said: str) -> list[CaseRow]:
    found: dict[int, CaseRow] = {}
    for wanted in matching(provider, said):
        # One question for each index: an OR would tempt a database to read all cases in the order of their ids.
        rows = cases.filter(wanted).only(*SHOWN).order_by("-id")
        found.update((row.pk, row) for row in rows[:FOUND])
    return sorted(found.values(), key=lambda row: -row.pk)[:FOUND]


def matching(provider: str, said: str) -> list[Q]:
    """The conditions on cases of which this says one or another; none where it says too little to look for."""
    if normal(said):
        return [Q(reference=normal(said))]
    if "\0" in said:
        return []
    if "@" in said:
        key = Address("", said).key
        known = CaseAddress.objects.filter(provider=provider, address_key=key).values_list(
            "case_id", flat=True
        )
        return [Q(pk__in=list(known.order_by("-case_id")[:FOUND]))]
    if not any(c.isdigit() for c in said):
        return _named(lookup.name_key(said))
    # The cases of whoever the book knows by this number, whatever their cases say of it.
    theirs = finding.numbered(provider, said)
    booked = [Q(customer__in=theirs)] if theirs else []
    if postcode(said):
        return [Q(postcode=postcode(said)), Q(account=said), *booked]
    if _NUMBER.fullmatch(said):
        number = lookup.phone_key(said)
        return [Q(account=said), *([Q(phone_key=number)] if number else []), *booked]
    return [Q(account=said), Q(account=said.upper()), *booked]


def _named(key: str) -> list[Q]:
    if len(key) < _FEW:
        # "Li", "Ng" and "Wu" are whole surnames; as beginnings they would find half the town.
        return [Q(surname_key=key)] if len(key) > 1 else []
    whole = Q(name_key__gte=key, name_key__lte=key + _HIGHEST)
    return [whole] if " " in key else [whole, Q(surname_key__gte=key, surname_key__lte=key + _HIGHEST)]


# --- words ------------------------------------------------------------------------------------------------


def wanted_words(said: str) -> list[str]:
    """The words that somebody looks for, as cases keep them; none where they say too little."""

    def joined(number: re.Match[str]) -> str:
        digits = "".join(filter(str.isdigit, number[0]))
        return f" {digits[-lookup.PHONE_DIGITS :]} "

    found = words.plain(_LONG_NUMBER.sub(joined, said[:LONGEST]))
    return [] if sum(map(len, found)) < _FEW else found[:MOST_WORDS]


def _worded(
    cases: QuerySet[CaseRow],
    provider: str,
    said: str,
    place: tuple[str, int] | None,
    size: int,
    but: set[int],
) -> tuple[list[CaseRow], str]:
    """Cases on which the words stand: side by side first, then all of them somewhere; the newest first."""
    found = wanted_words(said)
    if not found:
        return [], ""
    hows = ["all"] if len(found) == 1 else ["together", "apart"]
    how, last = place or (hows[0], 0)
    ids: list[tuple[str, int]] = []
    for each in hows[hows.index(how) :] if how in hows else ():
        below = last if each == how else 0
        # The others that are shown already may stand among them.
        wanted = size + 1 + len(but) - len(ids)
        ids += [(each, pk) for pk in _holding(provider, found, each, below, wanted) if pk not in but]
        if len(ids) > size:
            break
    onward = "-".join(map(str, ids[size - 1])) if len(ids) > size else ""
    rows = {row.pk: row for row in cases.filter(pk__in=[pk for _how, pk in ids[:size]]).only(*SHOWN)}
    return [rows[pk] for _how, pk in ids[:size] if pk in rows], onward


def _place(after: str) -> tuple[str, int] | None:
    how, _, last = after.partition("-")
    if how in ("all", "together", "apart") and last.isascii() and last.isdecimal() and len(last) < 19:
        return how, int(last)
    return None


def _holding(provider: str, found: Sequence[str], how: str, below: int, size: int) -> list[int]:
    """The newest cases of a provider on which these words stand, by their ids, read from the index newest first.

    The provider is asked for in the query itself, in the index and once more in the row.
    """
    values: list[Any]
    if connection.vendor == "sqlite":
        key, table = "rowid", "desk_words_index"
        condition, values = "desk_words_index MATCH %s", [_sqlite(provider, found, how)]
    else:
        key, table = "case_id", "desk_casewords"
        condition, values = _postgresql(provider, found, how)
    if below:
        condition, values = f"{condition} AND {key} < %s", [*values, below]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key} FROM {table} WHERE {condition} AND provider_id = %s ORDER BY {key} DESC LIMIT %s",  # noqa: S608 - names and conditions of our own
            [*values, provider, size],
        )
        return [row[0] for row in cursor.fetchall()]


def _postgresql(provider: str, found: Sequence[str], how: str) -> tuple[str, list[Any]]:
    """A condition on lexemes, with its values. Every word is letters and digits alone: nothing in it can be syntax."""
    together, everywhere = "phraseto_tsquery('english', %s)", "to_tsquery('english', %s)"
    side, every = " ".join(found), " & ".join((*found[:-1], _beginning(found[-1], ":*")))
    conditions: dict[str, tuple[str, list[Any]]] = {
        "all": (everywhere, [every]),
        "together": (together, [side]),
        "apart": (f"({everywhere} && !! {together})", [every, side]),
    }
    condition, values = conditions[how]
    return f"lexemes @@ (%s::tsquery && {condition})", [f"'house={provider}'", *values]


def _sqlite(provider: str, found: Sequence[str], how: str) -> str:
    """A query of FTS5. Every word is letters and digits alone and stands in quotes: nothing in it can be syntax."""
    side = f'"{" ".join(found)}"'
    every = " AND ".join(f'"{word}"' for word in found[:-1])
    last = _beginning(f'"{found[-1]}"', "*", len(found[-1]))
    every = f"{every} AND {last}" if every else last
    what = {"all": every, "together": side, "apart": f"({every}) NOT ({side})"}[how]
    return f'provider_id : "{provider}" AND words : ({what})'


def _beginning(word: str, sign: str, letters: int = 0) -> str:
    """The last word is looked for by its beginning, for it may not be finished."""
    return f"{word}{sign}" if (letters or len(word)) >= _FEW else word


# --- the index ------------------------------------------------------------------------------------------


def index_is_whole() -> bool:
    """Whether the index of words holds what the words say. PostgreSQL makes it from the row itself and is always right."""
    if connection.vendor != "sqlite":
        return True
    try:
        _to_the_index("INSERT INTO desk_words_index(desk_words_index, rank) VALUES ('integrity-check', 1)")
    except DatabaseError as wrong:
        if "malformed" in str(wrong) or "corrupt" in str(wrong):
            return False
        raise
    return True


def make_index_anew() -> None:
    """Make the index from the words, whatever stood in it."""
    if connection.vendor == "sqlite":
        _to_the_index("INSERT INTO desk_words_index(desk_words_index) VALUES ('rebuild')")


def forget() -> None:
    """Have the index forget at once the words that were taken away, and not only when its parts are next merged."""
    if connection.vendor == "sqlite":
        _to_the_index("INSERT INTO desk_words_index(desk_words_index) VALUES ('optimize')")


def _to_the_index(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
