"""Forms about moving numbers: whether some can move, and a rule by which they do or do not."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core.care.porting import Way
from amends.desk import porting
from amends.desk.customers import checked
from amends.desk.customers.numbers import NoNumber
from amends.desk.forms.fields import House, needed
from amends.desk.forms.particulars import Numbers

WAYS_SAID: Final = [(str(Way.HERE), _("To us")), (str(Way.AWAY), _("Away from us"))]
ANSWERS: Final = [("yes", _("They move")), ("no", _("They do not move"))]


class CanItMove(House):
    """A question about numbers, as a caller asks it."""

    numbers = Numbers(
        label=_("Numbers"), rows=2, help_text=_("Numbers or ranges, one a line."),
        error_messages=needed(_("Write down at least one number.")),
    )  # fmt: skip
    way = forms.ChoiceField(label=_("Where to?"), choices=WAYS_SAID)
    partner = forms.CharField(label=_("The other provider"), required=False, max_length=200)


class PortRuleForm(House):
    """One rule: which numbers, which way, with whom, and whether they move."""

    judges_years = True

    start = forms.CharField(
        label=_("Numbers that begin with"), max_length=30, help_text=_("Such as 020, 07 or +1 212."),
        error_messages=needed(_("Say how the numbers begin.")),
    )  # fmt: skip
    way = forms.ChoiceField(label=_("Where to?"), required=False, choices=[("", _("Both ways")), *WAYS_SAID])
    partner = forms.CharField(
        label=_("With which provider?"),
        required=False,
        max_length=200,
        help_text=_("With any, if left empty."),
    )
    moves = forms.ChoiceField(
        label=_("Do they move?"), widget=forms.RadioSelect, choices=ANSWERS,
        error_messages=needed(_("Say whether they move.")),
    )  # fmt: skip
    why = forms.CharField(
        label=_("The technical reason, or the agreement"), required=False, max_length=500,
        help_text=_("A number that does not move needs its reason: customers read it."),
    )  # fmt: skip
    since = forms.DateField(
        label=_("From which day on?"), error_messages=needed(_("Give its first day.")),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def clean_start(self) -> str:
        """Digits in international form."""
        try:
            return porting.beginning(self.cleaned_data["start"])
        except NoNumber as wrong:
            raise ValidationError(str(wrong)) from wrong

    def clean_since(self) -> date:
        """A day within living memory."""
        day: date = self.cleaned_data["since"]
        if day.year not in checked.YEARS:
            raise ValidationError(_("That year cannot be right."))
        return day

    def clean(self) -> dict[str, Any]:
        """What does not move has its reason."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("moves") == "no" and not said.get("why", "").strip():
            self.add_error(
                "why", ValidationError(_("A number that does not move needs its technical reason."))
            )
        return said
