"""Forms about how long words are kept: the provider's period, and holding one case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core.retention import MOST_MONTHS
from amends.desk.forms.fields import House, Words, needed
from amends.desk.retention.holding import LONGEST


class Period(House):
    """Whether words are erased by themselves, and how many months after a case closed."""

    erases = forms.BooleanField(
        label=_("Erase the words of ended cases by themselves"), required=False,
    )  # fmt: skip
    months = forms.IntegerField(
        label=_("Months after a case closed"), widget=forms.NumberInput(attrs={"class": "short-box"}),
        error_messages=needed(_("Write a number of months.")),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, least: int, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["months"].help_text = _("From %(least)s, which the law asks for, to %(most)s.") % {
            "least": least, "most": MOST_MONTHS,
        }  # fmt: skip

    @property
    def wanted(self) -> int | None:
        """The period that was asked for; None where nothing is to be erased by itself."""
        months: int | None = self.cleaned_data["months"] if self.cleaned_data["erases"] else None
        return months


class Hold(House):
    """Why a case is held, and when to ask again."""

    why = Words(
        label=_("Who needs it, and for what"), rows=3, max_length=LONGEST,
        help_text=_("Such as: their solicitor wrote on 3 March; the claim is not settled."),
        error_messages=needed(_("Write who needs it, and for what.")),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Ask again on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("It stays held after that day, until somebody lets it go."),
        error_messages=needed(_("Give the day on which to ask again.")),
    )  # fmt: skip
