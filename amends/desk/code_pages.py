"""The published code of a provider of this desk: its page for the portal, every version, and the files to take away.

Made once for each text and day and kept in the process. What is open at this moment is worked out for each request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from amends.core.calendar import UnknownDay, london_date
from amends.core.hours import Timetable
from amends.core.publish.around import CLOSED_NOW, OPEN_NOW, Around, Edition, Offer
from amends.core.publish.as_blocks import title
from amends.core.publish.page import fragment
from amends.core.publish.published import ContactShown, PublishedCode
from amends.core.schemes import Membership
from amends.desk import books
from amends.desk.code_files import CodeFile, Form, code_file, here
from amends.desk.code_site import current, is_in_force, label, published, read_version, slugs
from amends.desk.holidays import calendars
from amends.desk.models import AdoptedCode, Provider, SchemeMembership

IN_FORCE = ""
"""The name of the version in force, whichever it is."""


@dataclass(frozen=True, slots=True)
class CodePage:
    """A page of the portal: the code as data, and the HTML to stand in `<main>`, dressed by desk/code.css."""

    title: str
    code: PublishedCode
    html: SafeString


def page(provider: Provider, at: datetime, base: str, version: str = IN_FORCE) -> CodePage | None:
    """The page of a version; None where the provider has no code, or no version of that name.

    `base` is the address of the version in force; `base/<version>` is another's, `base/<version>/<name>` a file's.
    """
    found = _found(provider, at, version)
    if found is None:
        return None
    versions, place = _versions(found.texts, found.today, found.memberships, found.versions), found.place
    code = versions.codes[place]
    around = Around(
        offers=tuple(
            Offer(
                form.label,
                f"{base}/{versions.slugs[place]}/{_name(versions, place, form)}",
                form.note,
                form.save,
            )
            for form in here()
        ),
        editions=tuple(
            Edition(label(each), f"{base}/{versions.slugs[number]}", here=number == place)
            for number, each in reversed(list(enumerate(versions.codes)))
        ),
        in_force="" if place == versions.now or not is_in_force(versions.codes, versions.now) else base,
        open_now=_open_now(code, at),
    )
    # Every word in it was escaped as it went in: amends.core.publish.markup.
    return CodePage(title(code), code, mark_safe(fragment(code, around)))  # noqa: S308 - escaped by its maker


def download(provider: Provider, at: datetime, version: str, name: str) -> CodeFile | None:
    """A file of a version, by the name that its page gives; None where there is none."""
    found = _found(provider, at, version)
    if found is None:
        return None
    versions = _versions(found.texts, found.today, found.memberships, found.versions)
    endings = {_name(versions, found.place, form): form.ending for form in here()}
    return _file(found, endings[name], provider.accent) if name in endings else None


def edition(provider: Provider, at: datetime, fingerprint: str) -> PublishedCode | None:
    """One adopted version by its fingerprint, with the law of that day; None where the provider never adopted it."""
    row = AdoptedCode.objects.filter(provider=provider, fingerprint=fingerprint).first()
    if row is None:
        return None
    adopted = AdoptedCode.objects.filter(provider=provider, code=row.code)
    texts = _texts(adopted.values_list("in_force_from", "position", "text"))
    # A version that another one of the same day replaced stands among no others.
    known = texts if row.text in texts else (row.text,)
    versions = _versions(known, london_date(at), _memberships(provider), books.current_versions())
    return versions.codes[known.index(row.text)]


@dataclass(frozen=True, slots=True)
class _Versions:
    """Every version of a code, in order, as of one day."""

    codes: tuple[PublishedCode, ...]
    slugs: tuple[str, ...]
    now: int


class _Found(NamedTuple):
    """One version of the code that a provider's customers read on a day."""

    texts: tuple[str, ...]
    """The text of every version, in order."""
    place: int
    today: date
    memberships: tuple[Membership, ...]
    versions: str
    """Those of the program, the law and this desk's bank holidays: another page where one of them is another."""


def _found(provider: Provider, at: datetime, version: str) -> _Found | None:
    today = london_date(at)
    row, _ = books.governing(provider.pk, today)
    adopted = AdoptedCode.objects.filter(provider=provider)
    # Where none is in force yet, the one to come is shown.
    ours = adopted.filter(pk=row).first() if row else adopted.order_by("in_force_from", "-position").first()
    if ours is None:
        return None
    texts = _texts(adopted.filter(code=ours.code).values_list("in_force_from", "position", "text"))
    memberships = _memberships(provider)
    made_by = books.current_versions()
    versions = _versions(texts, today, memberships, made_by)
    if version != IN_FORCE and version not in versions.slugs:
        return None
    place = versions.now if version == IN_FORCE else versions.slugs.index(version)
    return _Found(texts, place, today, memberships, made_by)


def _memberships(provider: Provider) -> tuple[Membership, ...]:
    rows = SchemeMembership.objects.filter(provider=provider).order_by("since")
    return tuple(Membership(row.scheme, row.since, row.until) for row in rows)


def _texts(adopted: Iterable[tuple[date | None, int, str]]) -> tuple[str, ...]:
    """The versions in order; of several from the same day the one adopted last."""
    newest: dict[date, tuple[int, str]] = {}
    for start, position, text in adopted:
        day = start or date.min
        newest[day] = max(newest.get(day, (0, "")), (position, text))
    return tuple(text for _, (_, text) in sorted(newest.items()))


@lru_cache(maxsize=32)
def _versions(
    texts: tuple[str, ...], today: date, memberships: tuple[Membership, ...], _made_by: str
) -> _Versions:
    versions = [read_version(text, "adopted code") for text in texts]
    codes = tuple(
        published(versions, place, today, memberships, calendars()) for place in range(len(versions))
    )
    return _Versions(codes, slugs(codes), current(codes))


@lru_cache(maxsize=64)
def _file(found: _Found, ending: str, accent: str) -> CodeFile | None:
    versions = _versions(found.texts, found.today, found.memberships, found.versions)
    form = next(form for form in here() if form.ending == ending)
    return code_file(versions.codes[found.place], _stem(versions, found.place), form, accent)


def _stem(versions: _Versions, place: int) -> str:
    return f"{versions.codes[place].code}-{versions.slugs[place]}"


def _name(versions: _Versions, place: int, form: Form) -> str:
    return f"{_stem(versions, place)}{form.ending}"


def _open_now(code: PublishedCode, at: datetime) -> Mapping[str, str]:
    """For each number or address with hours, whether somebody is there; nothing where that is not known."""
    return {point.value: words for point in code.contacts if (words := _open(point, code, at))}


def _open(point: ContactShown, code: PublishedCode, at: datetime) -> str:
    if point.hours is None:
        return ""
    calendar = calendars()[code.nation]
    try:
        is_open = Timetable(point.hours, calendar).is_open(at)
        if is_open and point.hours.bank_holidays == "unsaid" and calendar.is_holiday(london_date(at)):
            return ""
    except UnknownDay:
        return ""
    return OPEN_NOW if is_open else CLOSED_NOW
