"""Forms about outages: opening one, its end, what all its customers are written, its refunds, and linking a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core import saying
from amends.core.may import Refusal
from amends.desk import outages
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.fields import House, Moment, Pence, Words, needed
from amends.desk.models import Outage

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket

BEYOND = [("no", _("No: it was ours to prevent")), ("yes", _("Yes: nobody here could have prevented it"))]


class OpenOutage(House):
    """An outage as it is written down."""

    what = forms.CharField(
        label=_("What is down, as customers will read it"), max_length=200,
        error_messages=needed(_("Write what is down.")), help_text=_("Such as: no broadband in and around Ely."),
    )  # fmt: skip
    since = Moment(label=_("Since when"), error_messages=needed(_("Give the date and time.")))
    said_by = forms.CharField(
        label=_("Who said so"), max_length=200, error_messages=needed(_("Write who said so, and how.")),
        help_text=_("Such as: our network team, from the monitoring; the supplier, by phone."),
    )  # fmt: skip
    services = Words(
        label=_("Which services"), rows=3, required=False, max_length=2000, help_text=_("One a line.")
    )
    areas = Words(
        label=_("Which places"), rows=3, required=False, max_length=2000,
        help_text=_("Places, or how postcodes begin (CB6), one a line."),
    )  # fmt: skip
    numbers = Words(
        label=_("Which numbers"),
        rows=3,
        required=False,
        max_length=4000,
        help_text=_("Numbers or ranges, one a line."),
    )
    supplier = forms.CharField(label=_("Supplier, if one repairs it"), required=False, max_length=120)
    reference = forms.CharField(label=_("The supplier’s reference"), required=False, max_length=120)
    another = forms.BooleanField(
        label=_("It is another outage all the same"), required=False, widget=forms.HiddenInput,
        help_text=_("The hours that both have in common are counted once for each service."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, provider: str, now: datetime) -> None:
        super().__init__(data)
        self.provider, self.now = provider, now

    def said(self) -> outages.Said:
        """The outage, as it was filled in."""
        return outages.Said(**{k: v for k, v in self.cleaned_data.items() if k != "another"})

    def clean(self) -> dict[str, Any]:
        """Times that can be, numbers that there are; another one over the same time is named before it is doubled."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return found
        wrong = outages.wrong(self.said(), self.now)
        if wrong is not None:
            self.add_error(wrong[0], f"{wrong[1].what}. {wrong[1].mend}")
            return found
        other = outages.another(self.provider, self.said())
        if other is not None:
            self.fields["another"].widget = forms.CheckboxInput()
            if not found.get("another"):
                self.add_error(
                    "another",
                    _(
                        "There is %(other)s, over the same time. Link cases to it, or tick that this is another one."
                    )
                    % {"other": other.said},
                )
        return found


class EndOutage(House):
    """When the service was there again."""

    until = Moment(
        label=_("When was the service there again?"), error_messages=needed(_("Give the date and time."))
    )


class TellAll(House):
    """What every customer of an outage is written."""

    words = Words(
        label=_("What they should know"), rows=6, max_length=outages.LONGEST,
        error_messages=needed(_("Write it once for all.")),
        help_text=_("What is done, and when they hear more. What is down and since when stands in the letter already."),
    )  # fmt: skip


class SettleAll(House):
    """The refunds of an outage, worked out together."""

    beyond = forms.ChoiceField(
        label=_("Was it beyond our reasonable control?"), widget=forms.RadioSelect, choices=BEYOND,
        error_messages=needed(_("Say whether it was beyond our control.")),
        help_text=_("If it was, what is given is goodwill and counts on that limit."),
    )  # fmt: skip
    looked_at = forms.CharField(
        label=_("What you looked at to say so"), max_length=500,
        error_messages=needed(_("Write what you looked at: the log, the supplier’s report, the findings.")),
    )  # fmt: skip
    price = Pence(
        label=_("Price a month where the customers’ book knows none, in pounds"), required=False,
        help_text=_("Leave it empty to leave those cases out."),
    )  # fmt: skip
    words = Words(
        label=_("What those who complained are told with the offer"), rows=4, max_length=outages.LONGEST,
        error_messages=needed(_("Write what we found and what we offer.")),
    )  # fmt: skip


class LinkOutage(CaseForm):
    """A case is about an outage."""

    slug, label, group = "outage", _("It is about an outage"), Group.TOGETHER
    intro = _(
        "The customer then hears with all others how the outage stands, and its refund is worked out with theirs."
    )
    button, done = _("Link it"), _("The case is linked to the outage.")

    outage = forms.ChoiceField(
        label=_("Which outage"), widget=forms.RadioSelect, error_messages=needed(_("Choose the outage."))
    )
    service = forms.CharField(
        label=_("Which service of theirs"), required=False, max_length=120,
        help_text=_("A time without it is refunded once. Leave it empty for the one that the case knows."),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """The outages that stand, and those that ended lately."""
        field = self.fields["outage"]
        assert isinstance(field, forms.ChoiceField)
        self.rows = {str(row.number): row for row in outages.offered(matter.case.provider, matter.now)}
        field.choices = [(number, said(row)) for number, row in self.rows.items()]
        if len(self.rows) == 1:
            field.initial = next(iter(self.rows))

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be one."""
        if not outages.offered(matter.case.provider, matter.now).exists():
            return Refusal("No outage is open", "A-evidence", "Open one on the list of outages first.")
        return super().refused(matter)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Link it."""
        row = self.rows[self.cleaned_data["outage"]]
        return outages.link(hand, row, by, now, service=self.cleaned_data["service"])


class UnlinkOutage(CaseForm):
    """A case was not about an outage after all."""

    slug, label, group = "outage-off", _("It is not about that outage after all"), Group.TOGETHER
    button, done = _("Take it off"), _("The case is linked to it no longer.")

    outage = forms.ChoiceField(
        label=_("Which outage"), widget=forms.RadioSelect, error_messages=needed(_("Choose the outage."))
    )
    why = forms.CharField(label=_("Why"), max_length=300, error_messages=needed(_("Write why.")))

    def prepare(self, matter: Matter) -> None:
        """Those to which it is linked."""
        field = self.fields["outage"]
        assert isinstance(field, forms.ChoiceField)
        mine = [o.outage for o in matter.case.outages]
        rows = Outage.objects.filter(provider=matter.case.provider, number__in=mine)
        field.choices = [(str(row.number), said(row)) for row in rows.order_by("number")]
        if len(field.choices) == 1:
            field.initial = field.choices[0][0]

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be one."""
        if matter.case.outages:
            return super().refused(matter)
        return Refusal("The case is linked to no outage", "A-evidence", "Nothing needs to be done.")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Take it off."""
        filled = self.cleaned_data
        return outages.unlink(hand, int(filled["outage"]), by, now, why=filled["why"])


def said(row: Outage) -> str:
    """An outage as a choice says it."""
    until = f" {_('to')} {saying.moment(row.until)}" if row.until else f", {_('not over yet')}"
    return f"{row.number}: {row.what}, {_('since')} {saying.moment(row.since)}{until}"


def ticked(values: Sequence[str]) -> set[int]:
    """The cases that were ticked, by their ids; what is no number is left out."""
    return {int(x) for x in values if x.isascii() and x.isdigit() and len(x) < 19}
