"""The filter of the audit log: what was done, by whom, between which days."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.desk.forms.fields import House


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class AuditFilter(House):
    """What of the audit is shown."""

    what = forms.ChoiceField(label=_("What"), required=False)
    by = forms.ChoiceField(label=_("By whom"), required=False)
    since = _day(_("From"))
    until = _day(_("To"))

    def __init__(self, data: Any, *, whats: Iterable[str], people: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        for name, choices in (("what", [(w, w[:1].upper() + w[1:]) for w in whats]), ("by", list(people))):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("All")), *choices]

    @property
    def narrowed(self) -> dict[str, Any]:
        """What narrows the list; what cannot be read narrows nothing."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def query(self) -> str:
        """The filter as an address carries it."""
        return urlencode({name: str(value) for name, value in self.narrowed.items()})
