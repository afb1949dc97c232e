"""The form of a day that was proclaimed a bank holiday, or is one no longer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core.calendar import NATIONS
from amends.core.letters.blocks import one_line
from amends.desk.forms.fields import House, needed
from amends.desk.forms.posting import day_box
from amends.desk.holidays import Proclaimed


class HolidayForm(House):
    """A day, with its source and the nations for which it holds."""

    what = forms.ChoiceField(
        label=_("What was proclaimed"), widget=forms.RadioSelect, initial="added", error_messages=needed(_("Choose one.")),
        choices=[("added", _("A day becomes a bank holiday")), ("removed", _("A day is a bank holiday no longer"))],
    )  # fmt: skip
    day = day_box(label=_("Day"), error_messages=needed(_("Give the day.")))
    title = forms.CharField(
        label=_("What it is called"), max_length=100, error_messages=needed(_("Say what it is called.")),
        help_text=_("As letters and reasons will say it: “World Cup bank holiday”."),
    )  # fmt: skip
    divisions = forms.MultipleChoiceField(
        label=_("For which nations"), widget=forms.CheckboxSelectMultiple, error_messages=needed(_("Choose the nations.")),
        choices=list(NATIONS.items()),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Where it was proclaimed"), max_length=300, error_messages=needed(_("Name the source.")),
        help_text=_("The Gazette, or the page of GOV.UK, so that anybody can look it up."),
    )  # fmt: skip
    announced = day_box(
        label=_("When it was proclaimed"), error_messages=needed(_("Give the day of the proclamation."))
    )

    @property
    def proclaimed(self) -> Proclaimed:
        """The day that was written down."""
        said: dict[str, Any] = self.cleaned_data
        return Proclaimed(
            said["day"], one_line(said["title"]), tuple(said["divisions"]), said["what"] == "added",
            one_line(said["source"]), said["announced"],
        )  # fmt: skip
