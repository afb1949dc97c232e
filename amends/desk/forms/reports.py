"""Forms of the reports: the period, customers by month, and the provider's lists of words."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core.calendar import DAY
from amends.desk import categories
from amends.desk.filters import YEARS
from amends.desk.forms.fields import House, Words, needed
from amends.desk.reports import Period, next_month

LONGEST: Final = 1830
"""Days of the longest period: five years."""


class PeriodForm(House):
    """Which days a report is about."""

    judges_years = True

    since = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Any, *, today: date) -> None:
        self.usual = usual(today)
        asked = {name: data.get(name) for name in ("since", "until")}
        start = {"since": self.usual.since.isoformat(), "until": self.usual.until.isoformat()}
        super().__init__({name: value or start[name] for name, value in asked.items()})

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first, and nobody reads twenty years at once."""
        said: dict[str, Any] = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until:
            if {since.year, until.year} - set(YEARS):
                self.add_error("since", _("Give years in which somebody can have complained."))
            elif until < since:
                self.add_error("until", _("The last day lies before the first."))
            elif (until - since).days > LONGEST:
                self.add_error("since", _("That is longer than five years: give a shorter period."))
        return said

    @property
    def period(self) -> Period:
        """The period, or the usual one where what was asked for is none."""
        if not self.is_valid():
            return self.usual
        return Period(self.cleaned_data["since"], self.cleaned_data["until"])

    @property
    def query(self) -> str:
        """The period as an address carries it."""
        since, until = self.period
        return urlencode({"since": since.isoformat(), "until": until.isoformat()})


def usual(today: date) -> Period:
    """The quarter so far."""
    return Period(quarter(today), today)


def quarter(day: date) -> date:
    """The first day of this day's quarter."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def offered(today: date) -> list[tuple[Any, Period]]:
    """The periods that one press gives, each with its name."""
    month, this = today.replace(day=1), quarter(today)
    last_month, last_quarter = (month - DAY).replace(day=1), quarter(this - DAY)
    year_ago = next_month(today.replace(year=today.year - 1, day=1))
    return [
        (_("This month"), Period(month, today)),
        (_("Last month"), Period(last_month, month - DAY)),
        (_("This quarter"), Period(this, today)),
        (_("Last quarter"), Period(last_quarter, this - DAY)),
        (_("Twelve months"), Period(year_ago, today)),
    ]


class Customers(House):
    """How many customers there were in a month."""

    month = forms.CharField(
        label=_("Month"), widget=forms.TextInput(attrs={"type": "month", "class": "short-box", "placeholder": "2026-03"}),
        help_text=_("Such as 2026-03."), error_messages=needed(_("Give the month.")),
    )  # fmt: skip
    customers = forms.IntegerField(
        label=_("Customers in that month"), min_value=1, max_value=100_000_000,
        error_messages=needed(_("Give the number of customers.")),
        help_text=_("Such as the mean of its first and last day. What is entered last holds."),
    )  # fmt: skip

    def clean_month(self) -> date:
        """The first day of the month."""
        words = str(self.cleaned_data["month"]).strip()
        try:
            day = date.fromisoformat(f"{words}-01")
        except ValueError as wrong:
            raise forms.ValidationError(_("Write the year and the month, such as 2026-03.")) from wrong
        if day.year not in YEARS or len(words) != 7:
            raise forms.ValidationError(_("Write the year and the month, such as 2026-03."))
        return day


class Lists(House):
    """The words by which cases are sorted."""

    categories = Words(
        label=_("Categories"), rows=14, help_text=_("One on each line, in the order in which they are offered."),
        error_messages=needed(_("Write at least one category.")),
    )  # fmt: skip
    causes = Words(
        label=_("Root causes"), rows=14, help_text=_("One on each line."),
        error_messages=needed(_("Write at least one root cause.")),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Each line short enough for a table, and no more of them than a person can choose from."""
        said: dict[str, Any] = super().clean() or {}
        for name in ("categories", "causes"):
            lines = [line.strip() for line in said.get(name, "").splitlines() if line.strip()]
            long = next((line for line in lines if len(line) > categories.LONGEST), None)
            if long:
                self.add_error(
                    name,
                    _("“%(words)s…” is too long: %(most)d letters at most.")
                    % {"words": long[:30], "most": categories.LONGEST},
                )
            if len(lines) > categories.MOST:
                self.add_error(name, _("These are too many: %(most)d at most.") % {"most": categories.MOST})
            said[name] = lines
        return said
