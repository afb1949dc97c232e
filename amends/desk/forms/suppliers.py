"""Forms about suppliers: what one was asked for, that we asked again, and what it answered (N-third-party)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core.case import AskedSupplier
from amends.core.may import Refusal
from amends.desk import actions
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter, first_words
from amends.desk.forms.fields import Words, london, needed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as _Lazy

    from amends.desk.record import CaseInHand, Docket

CHASED_BY = time(17)
"""The hour of a chase date: by the end of its office day."""


def _day(label: str | _Lazy) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=needed(_("Give the day on which we ask again.")),
        help_text=_("It stands in My day then. Our own dates to the customer run on all the same."),
    )  # fmt: skip


def _later(form: AskSupplier | ChaseSupplier) -> date:
    """The day on which we ask again, which is not over. Raises ValidationError."""
    day: date = form.cleaned_data["chase"]
    if london(day, CHASED_BY) <= form.matter.now:
        raise ValidationError(_("That day is over. Give a later day."))
    return day


def _waiting(matter: Matter) -> list[AskedSupplier]:
    return [s for s in matter.case.suppliers if s.answered is None]


def _offer(form: CaseForm, matter: Matter) -> None:
    field = form.fields["what"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(s.id, f"{s.supplier}: {first_words(s.words)}") for s in _waiting(matter)]
    if len(field.choices) == 1:
        field.initial = _waiting(matter)[0].id


def _one_waits(matter: Matter) -> Refusal | None:
    if _waiting(matter):
        return None
    return Refusal("No supplier owes us anything here", "A-evidence", "Write down first what one was asked.")


class AskSupplier(CaseForm):
    """A supplier was asked for something."""

    slug, label, group = "ask-supplier", _("We wait for a supplier"), Group.KEEP
    intro = _(
        "Whoever supplies us, the customer has us to answer for it: no date of ours stands still while we wait."
    )
    button, done = _("Save"), _("It stands on the case, and in My day when it is to be chased.")

    supplier = forms.CharField(
        label=_("Which supplier"), max_length=120, error_messages=needed(_("Name the supplier."))
    )
    words = Words(label=_("What was asked"), rows=3, error_messages=needed(_("Write what was asked.")))
    number = forms.CharField(label=_("The supplier’s reference"), required=False, max_length=120)
    chase = _day(_("When do we ask again?"))

    def clean_chase(self) -> date:
        """A day that is not over."""
        return _later(self)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        said = self.cleaned_data
        chase = london(said["chase"], CHASED_BY)
        return actions.ask_supplier(
            hand, by, now, supplier=said["supplier"], words=said["words"], number=said["number"], chase=chase
        )


class ChaseSupplier(CaseForm):
    """We asked again."""

    slug, label, group = "chase-supplier", _("We have chased a supplier"), Group.KEEP
    button, done = _("Save"), _("The chase stands on the case.")

    what = forms.ChoiceField(
        label=_("For what"), widget=forms.RadioSelect, error_messages=needed(_("Choose what was asked for."))
    )
    words = Words(label=_("What they said"), rows=3, required=False)
    number = forms.CharField(
        label=_("The supplier’s reference"), required=False, max_length=120,
        help_text=_("Where it is new. Empty leaves what was known."),
    )  # fmt: skip
    chase = _day(_("When do we ask next?"))

    def clean_chase(self) -> date:
        """A day that is not over."""
        return _later(self)

    def prepare(self, matter: Matter) -> None:
        """What we wait for."""
        _offer(self, matter)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """We must wait for one."""
        return _one_waits(matter)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        said = self.cleaned_data
        chase = london(said["chase"], CHASED_BY)
        return actions.chase_supplier(
            hand, by, now, matter=said["what"], chase=chase, words=said["words"], number=said["number"]
        )


class SupplierAnswered(CaseForm):
    """What we waited for has come."""

    slug, label, group = "supplier-answered", _("A supplier has answered"), Group.KEEP
    button, done = _("Save"), _("The answer stands on the case.")

    what = forms.ChoiceField(
        label=_("For what"), widget=forms.RadioSelect, error_messages=needed(_("Choose what was asked for."))
    )
    words = Words(
        label=_("What they did or said"), rows=3, error_messages=needed(_("Write what they did or said."))
    )

    def prepare(self, matter: Matter) -> None:
        """What we wait for."""
        _offer(self, matter)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """We must wait for one."""
        return _one_waits(matter)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        said = self.cleaned_data
        return actions.supplier_answered(hand, by, now, matter=said["what"], words=said["words"])
