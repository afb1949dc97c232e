"""The boxes for what a kind of case asks for, made from its declaration; what is typed is read and kept as words.

N-faults: call samples with their times, calling and called numbers, each checked against the numbering plans. A mistake
stands at its box and names the line.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core.calendar import in_london, london_date
from amends.core.care import calls, ending
from amends.core.care.declared import Particular, Sort
from amends.core.kinds import CaseKind
from amends.desk.customers import numbers
from amends.desk.forms.fields import Moment, Pence, Words, london, needed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from amends.core.care.declared import Declared

MOST_CALLS: Final = 100
MOST_PAYMENTS: Final = 60
_MARK: Final = "p_"
_WRITTEN: Final = ("%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d %B %Y %H:%M", "%d %b %Y %H:%M")
_YEARS: Final = range(1990, 2101)


class Numbers(Words):
    """Telephone numbers and ranges of them, one a line, kept as people read them."""

    def clean(self, value: Any) -> str:
        """Each number as it is dialled. Raises ValidationError, which names the one that is none."""
        said = str(super().clean(value) or "")
        try:
            return "\n".join(r.shown for r in numbers.ranges(said))
        except numbers.NoNumber as wrong:
            raise ValidationError(str(wrong)) from wrong


class Calls(Words):
    """Calls, one a line: when, the calling number, the number called; kept in one form."""

    def clean(self, value: Any) -> str:
        """Each call, its parts checked. Raises ValidationError, which names the line."""
        lines = [line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()]
        if len(lines) > MOST_CALLS:
            raise ValidationError(_("Give no more than %(most)s calls.") % {"most": MOST_CALLS})
        found, wrong = [], []
        for place, line in enumerate(lines, 1):
            try:
                found.append(_call(line))
            except ValueError as mistake:
                wrong.append(
                    _("Line %(place)s: %(wrong)s.") % {"place": place, "wrong": str(mistake).rstrip(".")}
                )
        if wrong:
            raise ValidationError(wrong)
        return "\n".join(found)


def _call(line: str) -> str:
    parts = [part.strip() for part in re.split(r"[;,]", line)]
    if len(parts) != 3:
        raise ValueError("write when, who called and which number was called, with commas between them")
    when, calling, called = parts
    at = next((read for form in _WRITTEN if (read := _read(when, form))), None)
    if at is None or at.year not in _YEARS:
        raise ValueError(f"{when!r} is no day and time: write it like 2026-11-02 09:15")
    from_ = calls.WITHHELD if calling.casefold() == calls.WITHHELD else _number(calling)
    return calls.kept(at, from_, _number(called))


class Payments(Words):
    """Payments, one a line: the day and the sum; kept in one form, in the order of their days."""

    def clean(self, value: Any) -> str:
        """Each payment, its parts checked. Raises ValidationError, which names the line."""
        lines = [line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()]
        if len(lines) > MOST_PAYMENTS:
            raise ValidationError(_("Give no more than %(most)s payments.") % {"most": MOST_PAYMENTS})
        found: dict[date, str] = {}
        wrong = []
        for place, line in enumerate(lines, 1):
            try:
                day, sum_ = _payment(line)
                if day in found:
                    raise ValueError("there is another payment on that day")
                found[day] = sum_
            except ValueError as mistake:
                wrong.append(_("Line %(place)s: %(wrong)s.") % {"place": place, "wrong": str(mistake)})
        if wrong:
            raise ValidationError(wrong)
        return "\n".join(f"{day.isoformat()}, £{found[day]}" for day in sorted(found))


def _payment(line: str) -> tuple[date, str]:
    day, _comma, sum_ = line.replace(";", ",").partition(",")
    when = next((read.date() for form in _WRITTEN if (read := _read(f"{day.strip()} 12:00", form))), None)
    if when is None or when.year not in _YEARS:
        raise ValueError(f"{day.strip()!r} is no day: write it like 2026-12-01")
    try:
        pence = Pence(required=False).clean(sum_)
    except ValidationError as mistake:
        raise ValueError(f"{sum_.strip()!r} is no sum: write it like 20.00") from mistake
    if not pence:
        raise ValueError("write the day and the sum, with a comma between them")
    return when, f"{pence // 100}.{pence % 100:02}"


def _read(words: str, form: str) -> datetime | None:
    try:
        there = datetime.strptime(words, form)  # noqa: DTZ007 - what people write is London's time, as `london` reads it
        london(there.date(), there.time())
    except (ValueError, ValidationError):
        return None
    return there


def _number(words: str) -> str:
    numbers.parsed(words)
    return numbers.shown(words)


def boxes(asked: Iterable[Particular], given: Mapping[str, str] | None = None) -> dict[str, forms.Field]:
    """One box for each of these particulars, filled with what was given."""
    return {box_name(p): _box(p, (given or {}).get(p.name, "")) for p in asked}


def box_name(particular: Particular) -> str:
    """What the box of a particular is called in a form."""
    return f"{_MARK}{particular.name.replace(' ', '_')}"


def _box(p: Particular, given: str) -> forms.Field:
    more: dict[str, Any] = {"label": p.asks, "required": p.needed, "help_text": p.help}
    if p.needed:
        more["error_messages"] = needed(p.missing)
    if given:
        more["initial"] = _initial(p, given)
    if p.sort is Sort.CHOICE:
        return _choice(p, more)
    if p.sort is Sort.COUNT:
        short = forms.NumberInput(attrs={"class": "short-box"})
        return forms.IntegerField(min_value=p.least, max_value=p.most, widget=short, **more)
    return _BOXES[p.sort](more)


def _choice(p: Particular, more: dict[str, Any]) -> forms.Field:
    """One of a few: all in view where an answer is needed, else a list that begins with none."""
    choices = [(c, c[0].upper() + c[1:]) for c in p.choices]
    if p.needed:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **more)
    return forms.ChoiceField(choices=[("", _("Nobody has said")), *choices], **more)


_BOXES: Final[dict[Sort, Callable[[dict[str, Any]], forms.Field]]] = {
    Sort.LINE: lambda more: forms.CharField(max_length=300, **more),
    Sort.WORDS: lambda more: Words(rows=4, **more),
    Sort.NUMBERS: lambda more: Numbers(rows=2, **more),
    Sort.CALLS: lambda more: Calls(rows=4, **more),
    Sort.DAY: lambda more: forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    ),
    Sort.MOMENT: lambda more: Moment(**more),
    Sort.POUNDS: lambda more: Pence(**more),
    Sort.PAYMENTS: lambda more: Payments(rows=6, **more),
}


def _initial(p: Particular, given: str) -> Any:
    if p.sort is Sort.MOMENT:
        return datetime.fromisoformat(given)
    return date.fromisoformat(given) if p.sort is Sort.DAY else given


def read(kind: Declared, said: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, each particular as the words in which it is kept; what is empty is left out."""
    found = {p.name: _kept(p, said.get(box_name(p))) for p in kind.particulars}
    return {name: words for name, words in found.items() if words}


def _kept(p: Particular, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if p.sort is Sort.POUNDS:
        return f"{value // 100}.{value % 100:02}" if value else ""
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def no_later(form: forms.Form, kind: Declared, now: datetime) -> None:
    """Put a mistake at each box that says that something began, or a call was made, which is still to come."""
    there = in_london(now)
    for p in kind.particulars:
        said = form.cleaned_data.get(box_name(p))
        if p.sort is Sort.MOMENT and said is not None and in_london(said) > there:
            form.add_error(box_name(p), ValidationError(_("That moment is still to come.")))
        elif p.sort is Sort.CALLS and said:
            early = [n for n, at in enumerate(calls.moments(said), 1) if at > there]
            wrong = [_("Line %(place)s: that call is still to come.") % {"place": n} for n in early]
            if wrong:
                form.add_error(box_name(p), ValidationError(wrong))


def possible(form: forms.Form, kind: Declared, asked: datetime, now: datetime) -> None:
    """Put a mistake at each box of a cancellation whose day no contract can have beside the others."""
    if kind.kind is not CaseKind.CANCELLATION:
        return
    said, boxes_ = read(kind, form.cleaned_data), {p.name: box_name(p) for p in kind.particulars}
    for wrong in ending.impossible(said, london_date(asked), "", london_date(now)):
        form.add_error(boxes_[wrong.field], ValidationError(f"{wrong.what}. {wrong.mend}"))
