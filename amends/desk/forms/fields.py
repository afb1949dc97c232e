"""Boxes that read what people write: London times, sums of money, and words of several lines."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from amends.core import saying
from amends.core.calendar import LONDON, in_london, london_date
from amends.desk import uploads
from amends.desk.attachment import Attachment
from amends.law import law

_POUNDS = re.compile(r"£?\s*(\d{1,7})(?:\.(\d{1,2}))?")


class Words(forms.CharField):
    """Words of several lines."""

    def __init__(self, *, rows: int = 6, **more: Any) -> None:
        more.setdefault("widget", forms.Textarea(attrs={"rows": rows, "class": "short" if rows < 5 else ""}))
        more.setdefault("max_length", 50_000)
        super().__init__(**more)


class MomentBoxes(forms.MultiWidget):
    """A date and a time side by side, each with its own label."""

    template_name = "parts/moment.html"

    def __init__(self) -> None:
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        clock = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__({"day": day, "time": clock})

    def decompress(self, value: Any) -> list[Any]:
        """A moment as a London date and time."""
        if not isinstance(value, datetime):
            return [None, None]
        there = in_london(value)
        return [there.date(), there.time().replace(second=0, microsecond=0)]


class Moment(forms.MultiValueField):
    """A London date and time, read as an aware moment in UTC. An hour that occurs twice is the first of the two."""

    widget = MomentBoxes

    def __init__(self, **more: Any) -> None:
        fields = (forms.DateField(required=False), forms.TimeField(required=False))
        super().__init__(fields=fields, require_all_fields=False, **more)

    def compress(self, data_list: list[Any]) -> datetime | None:
        """The moment; None where both boxes are empty and may be."""
        day, clock = data_list or (None, None)
        if day is None and clock is None:
            if self.required:
                raise ValidationError(_("Give a date and a time."))
            return None
        if day is None or clock is None:
            raise ValidationError(_("Give both the date and the time."))
        return london(day, clock)


class Receipt(Moment):
    """A moment at which something reached us: its dates follow from the rules of that day, so those must be known."""

    def compress(self, data_list: list[Any]) -> datetime | None:
        """The moment; None where both boxes are empty and may be."""
        at, first = super().compress(data_list), law().adr_period.first
        if at is not None and london_date(at) < first:
            raise ValidationError(
                _("Look at the year: nothing is written down that reached us before %(day)s.")
                % {"day": saying.day(first)}
            )
        return at


def london(day: date, clock: time) -> datetime:
    """The moment at which a London clock shows this. Raises ValidationError for an hour that is left out in spring."""
    there = datetime.combine(day, clock, LONDON)
    at = there.astimezone(UTC)
    if in_london(at).time() != clock:
        raise ValidationError(
            _("The clocks go forward that night: there is no such time. Give one an hour later.")
        )
    return at


class Pence(forms.CharField):
    """A sum in pounds as people write it ("12.50"), read as pence."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "short-box"}))
        super().__init__(**more)

    def clean(self, value: Any) -> Any:
        """The sum in pence; nothing written is nothing."""
        words = str(super().clean(value)).replace(",", "").strip()
        if not words:
            return 0
        found = _POUNDS.fullmatch(words)
        if found is None:
            raise ValidationError(_("Write a sum in pounds and pence, such as 12.50."))
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


class ManyFiles(forms.ClearableFileInput):
    """A box that takes several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All files of the box, in their order."""
        del data
        return files.getlist(name) if hasattr(files, "getlist") else []

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether none was sent."""
        del data
        return name not in files


class Files(forms.Field):
    """Files that go with what is said, within limits that stand beside the box; their bytes under safe names."""

    widget = ManyFiles

    def __init__(self, **more: Any) -> None:
        more.setdefault("required", False)
        more.setdefault("help_text", format_lazy("{} {}", uploads.LIMITS, uploads.KINDS))
        super().__init__(**more)

    def clean(self, value: Any) -> tuple[Attachment, ...]:
        """The files, or what is wrong with each."""
        files, wrong = uploads.judge(value or [])
        if wrong:
            raise ValidationError(list(wrong))
        return files

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Which endings a browser offers."""
        del widget
        return {"accept": ",".join(f".{ending}" for ending in uploads.TYPES)}


_MENDS: Final[tuple[tuple[type[forms.Field], str, Any], ...]] = (
    (
        forms.DateField,
        "invalid",
        _("This is no day of the calendar. Give day, month and year, such as 25/11/2026."),
    ),
    (forms.TimeField, "invalid", _("This is no time of day. Give hours and minutes, such as 14:30.")),
    (forms.IntegerField, "invalid", _("Write a whole number, in figures.")),
    (forms.EmailField, "invalid", _("This is no email address. Write one such as ann@example.org.")),
    (forms.ChoiceField, "invalid_choice", _("That is not offered here. Choose one of those that are.")),
    (forms.Field, "required", _("This is needed. Write it here.")),
)
"""What a box says instead of the framework's own words: what is wrong, and how to mend it."""
YEARS: Final = range(1900, 2200)
"""The years that a day in a box may have; beyond them nobody means the day that they typed."""


def _in_reach(day: date) -> None:
    if day.year not in YEARS:
        raise ValidationError(_("Look at the year: that day is too far away."))


_LIMITS: Final[dict[str, Any]] = {
    "max_length": _("This is too long: write at most %(limit_value)d characters. It has %(show_value)d."),
    "max_value": _("This is too much: at most %(limit_value)s."),
    "min_value": _("This is too little: at least %(limit_value)s."),
    "null_characters_not_allowed": _("There is a character here that cannot be read. Write the words again."),
}
"""The same for limits, which the framework keeps outside the box."""


class House(forms.Form):
    """A form in the desk's manner: no browser bubbles, every mistake in one summary and at its box."""

    use_required_attribute = False
    judges_years: ClassVar[bool] = False
    """Whether it says of a year in words of its own that nobody can mean it; else each box does."""

    def __init__(self, *args: Any, **more: Any) -> None:
        more.setdefault("label_suffix", "")
        super().__init__(*args, **more)

    def full_clean(self) -> None:
        """Judge what was typed; a mistake is answered in the desk's words, with how to mend it."""
        for field in self.fields.values():
            for kind, name, words in _MENDS:
                theirs = kind.default_error_messages.get(name)
                if isinstance(field, kind) and field.error_messages.get(name) == theirs:
                    field.error_messages[name] = words
            for name, words in _LIMITS.items():
                field.error_messages.setdefault(name, words)
            for box in () if self.judges_years else (field, *getattr(field, "fields", ())):
                if isinstance(box, forms.DateField) and _in_reach not in box.validators:
                    box.validators.append(_in_reach)
        super().full_clean()

    def quiet(self) -> None:
        """Show what was typed without judging it yet: the person is still at it."""
        self._errors, self.cleaned_data = ErrorDict(), {}

    def ask_files_again(self) -> None:
        """No browser keeps chosen files while a form is mended: say so at each box that had some."""
        for name, field in self.fields.items():
            if (
                isinstance(field, Files)
                and self.files.getlist(self.add_prefix(name))
                and name not in self.errors
            ):
                self.add_error(
                    name, ValidationError(_("Choose your files again, please: a browser forgets them."))
                )

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        """Every mistake with the id of the box at which it stands, in the order of the page."""
        found: list[tuple[str, str]] = [("", str(m)) for m in self.non_field_errors()]
        for bound in self:
            found += [(focus_id(bound), str(m)) for m in bound.errors]
        return found


def focus_id(bound: forms.BoundField) -> str:
    """The id of the box to which a mistake's link leads: of several, the first."""
    several = isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple | MomentBoxes)
    return f"{bound.auto_id}_0" if several else bound.id_for_label or bound.auto_id


def needed(words: Any) -> dict[str, Any]:
    """What an empty box is told: which answer is needed."""
    return {"required": words}
