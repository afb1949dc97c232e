"""Forms for a trade body that the code names: the customer raised it there, and what it said."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core import trade_body
from amends.core.calendar import london_date
from amends.core.may import Refusal
from amends.desk import trade_bodies
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.fields import Words, needed
from amends.desk.forms.sorting import day_as_moment

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Raised(CaseForm):
    """The customer raised it with a trade body."""

    slug, label, group = "trade-body", _("The customer raised it with a trade body"), Group.DECIDE
    intro = _(
        "It reviews apart from us and is no approved scheme. Nothing waits for it: all dates go on, and the ADR letter "
        "leaves on its day."
    )
    button, done = _("Write it down"), _("It stands on the case, and all dates go on.")

    body = forms.ChoiceField(label=_("Which body"), error_messages=needed(_("Choose the body.")))
    day = forms.DateField(label=_("On which day"), error_messages=needed(_("Give the day.")), widget=_day())
    number = forms.CharField(label=_("Its number for it"), required=False, max_length=60)

    def prepare(self, matter: Matter) -> None:
        """The bodies that the code names."""
        field = self.fields["body"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(stage.role, stage.role) for stage in trade_body.named(matter.book)]
        self.fields["day"].initial = london_date(matter.now)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """The code must name one, and none may be looking at it."""
        return trade_body.may_raise(matter.case, matter.book)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        typed, at = self.cleaned_data, day_as_moment(self.cleaned_data["day"], now)
        first = hand.case.first_received
        if first is not None and london_date(first) == typed["day"]:
            at = max(at, first)
        return trade_bodies.raised(hand, by, now, body=typed["body"], at=at, number=typed["number"])


class Said(CaseForm):
    """What the trade body said."""

    slug, label, group = "trade-body-said", _("Write down what the trade body said"), Group.DECIDE
    intro = _("What it says binds nobody. If it makes you think again, propose an outcome.")
    button, done = _("Write it down"), _("It stands on the case.")

    day = forms.DateField(label=_("On which day"), error_messages=needed(_("Give the day.")), widget=_day())
    words = Words(
        label=_("What it said"), rows=4, error_messages=needed(_("Write what it said, in a few words."))
    )

    def prepare(self, matter: Matter) -> None:
        """Today, unless somebody says otherwise."""
        self.fields["day"].initial = london_date(matter.now)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """One must be looking at it."""
        return trade_body.may_answer(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        typed, at = self.cleaned_data, day_as_moment(self.cleaned_data["day"], now)
        waits = trade_body.looking(hand.case)
        if waits is not None and london_date(waits.at) == typed["day"]:
            at = max(at, waits.at)
        return trade_bodies.said(hand, by, now, at=at, words=typed["words"])
