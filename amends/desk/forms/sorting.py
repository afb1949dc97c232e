"""Forms for what reports count by: what a case is about, its root cause, and that the customer went to a scheme."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core.calendar import london_date
from amends.core.may import Refusal
from amends.desk import actions, categories
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.fields import london, needed

if TYPE_CHECKING:
    from datetime import date

    from amends.desk.record import CaseInHand, Docket


class Categorise(CaseForm):
    """What the case is about, and what was behind it."""

    slug, label, group = "categorise", _("Say what it is about, and the root cause"), Group.DECIDE
    intro = _("Reports count by it. The root cause may be added when it is known.")
    button, done = _("Save"), _("The case is sorted.")

    category = forms.ChoiceField(label=_("What it is about"), required=False)
    cause = forms.ChoiceField(label=_("Root cause"), required=False)

    def prepare(self, matter: Matter) -> None:
        """The provider's own lists, and what the case says already."""
        lists = categories.lists(matter.case.provider)
        for name, known, was in (
            ("category", lists.categories, matter.case.category),
            ("cause", lists.causes, matter.case.cause),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            words = known if not was or was in known else (*known, was)
            field.choices = [("", _("Not known yet")), *((word, word) for word in words)]
            field.initial = was

    def clean(self) -> dict[str, Any]:
        """At least one of the two."""
        said: dict[str, Any] = super().clean() or {}
        was = self.matter.case.category or self.matter.case.cause
        if not (said.get("category") or said.get("cause") or was or self.errors):
            self.add_error("category", _("Choose what it is about, or the root cause."))
        return said

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Always, closed cases too: the cause is often found later."""
        return None

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Sort it."""
        said = self.cleaned_data
        return actions.categorise(hand, by, now, category=said["category"], cause=said["cause"])


class Refer(CaseForm):
    """The customer went to a scheme."""

    slug, label, group = "referred", _("The customer went to a scheme"), Group.DECIDE
    button, done = _("Write it down"), _("The referral stands on the case.")

    scheme = forms.ChoiceField(label=_("Which scheme"), error_messages=needed(_("Choose the scheme.")))
    day = forms.DateField(
        label=_("The day on which the scheme received it"), error_messages=needed(_("Give the day.")),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    number = forms.CharField(label=_("The scheme’s number of the dispute"), required=False, max_length=60)

    def prepare(self, matter: Matter) -> None:
        """The approved schemes."""
        field = self.fields["scheme"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(scheme.id, scheme.name) for scheme in matter.book.law.schemes]

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Whatever state the case is in: the customer may go whenever the scheme takes them."""
        return None

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        said = self.cleaned_data
        at = day_as_moment(said["day"], now)
        return actions.refer(hand, by, now, scheme=said["scheme"], at=at, number=said["number"])


def day_as_moment(day: date, now: datetime) -> datetime:
    """A day as a moment: its noon, or now where that is still to come."""
    noon = london(day, time(12))
    return min(noon, now) if day == london_date(now) else noon
