"""Tags by which pages say dates, sums and fields: the words come from `core.saying`, the same as in letters."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from django import template
from django.contrib.staticfiles import finders
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    HiddenInput,
    MultiWidget,
    RadioSelect,
)
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from amends.core import saying
from amends.core.calendar import in_london, london_date
from amends.core.care.kinds import KINDS
from amends.core.kinds import CaseKind
from amends.desk import dates_said, enclosed
from amends.desk.accent import FALLBACK
from amends.desk.models import Outgoing
from amends.law import law

register = template.Library()

_IN_PORTAL: Final = re.compile(r"(/portal/[-\w]+/).", re.ASCII)
"""An address within a portal, beyond its front."""


@register.simple_tag
def care_kinds() -> list[CaseKind]:
    """The kinds of case besides complaints that a new contact offers."""
    return list(KINDS)


@register.simple_tag(takes_context=True)
def said(context: template.Context, at: datetime | None) -> SafeString:
    """A moment as people say it, in a `time` element; the year only where it is not this one."""
    if at is None:
        return SafeString("")
    words = _("%(day)s, %(time)s") % {
        "day": _day(london_date(at), _now(context)), "time": dates_said.time(at)
    }  # fmt: skip
    return format_html('<time datetime="{}">{}</time>', in_london(at).isoformat(timespec="minutes"), words)


@register.simple_tag(takes_context=True)
def day_said(context: template.Context, on: date | datetime | None) -> SafeString:
    """A date as people say it; of a moment, its London date."""
    if on is None:
        return SafeString("")
    day = london_date(on) if isinstance(on, datetime) else on
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), _day(day, _now(context)))


@register.simple_tag(takes_context=True)
def due_said(
    context: template.Context, due: datetime | None, late_after: datetime | None = None
) -> SafeString:
    """A due time: the day alone where the whole day is its due, else day and time."""
    whole_day = due is not None and late_after is not None and late_after != due
    return day_said(context, due) if whole_day else said(context, due)


@register.simple_tag(takes_context=True)
def last_moment(context: template.Context, at: datetime | None) -> SafeString:
    """The last moment of a promise: midnight ends the day before, which is the day that people mean."""
    if at is None or in_london(at).time() != saying.MIDNIGHT:
        return said(context, at)
    day = london_date(at) - timedelta(days=1)
    words = _("End of %(day)s") % {"day": _day(day, _now(context))}
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), words)


@register.simple_tag(takes_context=True)
def far(context: template.Context, at: datetime | None) -> str:
    """How far off a moment is: "in 2 working days"; counted with the calendar of the page, where it has one."""
    return "" if at is None else dates_said.until(at, _now(context), context.get("calendar"))


@register.simple_tag(takes_context=True)
def first_page(context: template.Context) -> str:
    """Where a page of mistakes leads: in a portal to the front of that portal, else to one's desk.

    The database is not asked, for it may be what broke: a portal of nobody leads to its front, and that one to `/`.
    """
    asked = context.get("request")
    within = _IN_PORTAL.match(asked.path) if asked is not None else None
    return within[1] if within else "/"


@register.simple_tag
def language() -> str:
    """The language of the page as HTML names it, such as "en-GB" or "cy"."""
    return to_locale(get_language() or "en-gb").replace("_", "-")


@register.filter
def clock_time(at: datetime) -> str:
    """The time of a moment on a London clock."""
    return dates_said.time(at)


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


@register.filter
def browser(said: str) -> str:
    """What a browser calls itself, as people call it: "Firefox on Windows"; of others their first words."""
    name = next((name for mark, name in _BROWSERS if mark in said), "")
    machine = next((name for mark, name in _MACHINES if mark in said), "")
    if name and machine:
        return _("%(browser)s on %(machine)s") % {"browser": name, "machine": machine}
    return name or said[:40] or _("A browser that does not say its name")


@register.filter
def pence(amount: int) -> str:
    """A sum of pence as pounds."""
    return saying.pence(amount)


@register.filter
def listed(items: list[str]) -> str:
    """Things in a sentence: "a, b and c"."""
    return dates_said.listed(items)


@register.filter
def bullets(block: dict[str, Any]) -> list[str]:
    """The items of a frozen list: in a template `block.items` would be the dictionary's own."""
    return list(block["items"])


@register.filter
def unstopped(words: str) -> str:
    """Words that somebody wrote without the full stop at their end, where a sentence of ours goes on."""
    return words.rstrip().removesuffix(".")


@register.filter
def kept_because(why: str) -> str:
    """Why the words of an ended case are kept: the rule that asks for it, in words, or the words as they stand."""
    return {
        "DP-04": _("for the months that the provider keeps its cases"),
        "CH-17": _("because the law asks for a record of complaints (CH-17)"),
        "R-11": _("because the law asks for a record of complaints (R-11)"),
        "AD-03": _("because until then they may take it to the scheme (AD-03)"),
    }.get(why, why)


@register.filter
def papers(letter: Outgoing) -> list[str]:
    """The names of the files that went with a letter."""
    return enclosed.file_names(letter)


@register.filter
def unbroken(words: str) -> str:
    """The words with their dates, times and telephone numbers held together, so that no line ends within one."""
    return saying.unbroken(words)


@register.filter
def capital(words: str) -> str:
    """The words with their first letter large."""
    return words[:1].upper() + words[1:]


@register.simple_tag
def asset(name: str) -> str:
    """The address of a file of ours, with its content in it, so that browsers may keep it for long."""
    return f"{static(name)}?v={_fingerprint(name)}"


@lru_cache
def _fingerprint(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise LookupError(f"no such file: {name}")
    with open(path, "rb") as file:  # noqa: PTH123 - the finder gives a plain path
        return hashlib.sha256(file.read()).hexdigest()[:12]


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, **more: Any) -> dict[str, Any]:
    """One field of a form: its label, hint, mistake and box, tied together for whoever cannot see them."""
    return {"field": bound, "shape": _shape(bound), **more}


def _shape(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, HiddenInput):
        return "hidden"
    if isinstance(widget, MultiWidget | CheckboxSelectMultiple | RadioSelect):
        return "group"
    return "tick" if isinstance(widget, CheckboxInput) else "box"


def _now(context: template.Context) -> datetime:
    moment = context["now"]
    assert isinstance(moment, datetime)
    return moment


def _day(day: date, now: datetime) -> str:
    return dates_said.day(day, year=london_date(now).year != day.year)


@register.filter
def bare_colour(accent: str) -> str:
    """A colour as the address of its style sheet names it: without the number sign, and only if it is one."""
    bare = accent.removeprefix("#").lower()
    return (
        bare if len(bare) == 6 and all(c in "0123456789abcdef" for c in bare) else FALLBACK.removeprefix("#")
    )


@register.simple_tag(takes_context=True)
def day_words(context: template.Context, at: datetime) -> str:
    """The London date of a moment as bare words, for pictures."""
    return _day(london_date(at), _now(context))


@register.simple_tag
def phone(number: str) -> SafeString:
    """A telephone number that a press dials; words that are no number stay as they are."""
    return _linked("tel", "".join(c for c in number if c in "+0123456789"), number, minimum=3)


@register.simple_tag
def mail_to(address: str) -> SafeString:
    """An email address that a press writes to; words that are no address stay as they are."""
    plain = address.strip()
    usable = plain.count("@") == 1 and not any(c.isspace() or not c.isprintable() for c in plain)
    return _linked("mailto", quote(plain, safe="@") if usable else "", address, minimum=3)


def _linked(kind: str, target: str, words: str, *, minimum: int) -> SafeString:
    if len(target) < minimum:
        return format_html("{}", words)
    return format_html('<a href="{}:{}">{}</a>', kind, target, words)


@register.filter
def grouped(code: str) -> str:
    """A code in groups of four, as people read it out."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))


@register.filter
def iso(at: datetime) -> str:
    """A moment as a `time` element gives it to machines."""
    return in_london(at).isoformat(timespec="minutes")


@register.simple_tag
def definition() -> str:
    """What a complaint is, by the rule that says so (R-01)."""
    return law().rule("R-01").says


@register.filter
def area(postcode: str) -> str:
    """The first half of a postcode: what may be shown before the identity check."""
    return postcode.partition(" ")[0]


@register.filter
def kind_said(kind: str) -> str:
    """A kind of customer in words."""
    return _KINDS.get(kind, kind)


_KINDS = {
    "residential": "At home", "small-business": "Small business", "not-for-profit": "Not for profit",
    "larger-business": "Larger business", "unknown": "Not known",
}  # fmt: skip
