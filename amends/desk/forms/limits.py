"""The form of limits: for each role and each thing one box; an empty one sets no limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.desk.forms.fields import House, Pence
from amends.desk.limits import LIMITED, What, may_set

MOST_DAYS = 366
HEADS = {
    What.AWARD: _("Compensation, goodwill (£)"),
    What.CREDIT: _("Credit, refund (£)"),
    What.EXTENSION: _("Extension (working days)"),
    What.BACKDATING: _("Back-dating (days)"),
}
ROLE_NAMES = {
    "agent": _("Agent"), "handler": _("Handler"), "manager": _("Manager"), "director": _("Director"),
    "compliance": _("Compliance"),
}  # fmt: skip
_MONEY = (What.AWARD, What.CREDIT)


class _Sum(Pence):
    """A sum, or nothing, which is something else than 0."""

    def clean(self, value: Any) -> Any:
        """The sum in pence; None where nothing is written."""
        return super().clean(value) if str(value or "").strip() else None


class Limits(House):
    """How much each role may decide alone."""

    def __init__(
        self, data: Any = None, *, known: Mapping[tuple[str, str], int], by_roles: Iterable[str]
    ) -> None:
        super().__init__(data)
        held = frozenset(map(str, by_roles))
        for role in LIMITED:
            for what in What:
                field = self._box(what)
                field.label = f"{ROLE_NAMES[str(role)]}: {HEADS[what]}"
                field.disabled = not may_set(held, role)
                amount = known.get((str(role), str(what)))
                if amount is not None:
                    field.initial = f"{amount / 100:.2f}" if what in _MONEY else amount
                self.fields[f"{role}-{what}"] = field

    @staticmethod
    def _box(what: What) -> forms.Field:
        if what in _MONEY:
            return _Sum(required=False)
        box = forms.NumberInput(attrs={"class": "short-box"})
        return forms.IntegerField(required=False, min_value=0, max_value=MOST_DAYS, widget=box)

    def clean(self) -> dict[str, Any]:
        """Nothing is changed that its person may not set."""
        said = super().clean() or self.cleaned_data
        if not self.errors and all(field.disabled for field in self.fields.values()):
            raise ValidationError(_("You may not change any of these limits."))
        return said

    @property
    def rows(self) -> Iterator[tuple[Any, bool, list[tuple[Any, forms.BoundField]]]]:
        """Each role: its name, whether it may be changed, and its boxes under their heads."""
        for role in LIMITED:
            boxes = [(HEADS[what], self[f"{role}-{what}"]) for what in What]
            yield ROLE_NAMES[str(role)], not boxes[0][1].field.disabled, boxes

    @property
    def heads(self) -> list[Any]:
        """What limits are set on."""
        return [HEADS[what] for what in What]

    @property
    def wanted(self) -> dict[tuple[str, str], int | None]:
        """What was written, by role and thing, for the roles that may be changed."""
        return {
            (str(role), str(what)): self.cleaned_data[f"{role}-{what}"]
            for role in LIMITED
            for what in What
            if not self.fields[f"{role}-{what}"].disabled
        }
