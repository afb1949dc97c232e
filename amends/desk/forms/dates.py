"""Forms that move dates, within what the code and the law allow: pauses, extensions, corrected receipts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core import may, saying
from amends.core.clocks import Clock
from amends.core.may import Refusal
from amends.desk import actions
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter, first_words, promises_running
from amends.desk.forms.fields import Moment, Receipt, Words, needed
from amends.desk.strip import label

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket


def clock_said(clock: Clock) -> str:
    """A clock as people choose it: what it owes, by when, and its clause."""
    due = f"due {saying.moment(clock.due)}" if clock.due else "without a date now"
    return f"{label(clock)}, {due}"


def _offer(form: CaseForm, found: list[Clock]) -> None:
    field = form.fields["clock"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(c.id, clock_said(c)) for c in found]
    if len(found) == 1:
        field.initial = found[0].id


class Pause(CaseForm):
    """One promise of ours stands still for a named reason."""

    slug, label, group = "pause", _("Let a promise of ours stand still"), Group.DATES
    intro = _(
        "Only our own promises can stand still, each for a reason that is named. The law’s dates never do."
    )
    button, done = _("Let it stand still"), _("The promise stands still.")

    clock = forms.ChoiceField(
        label=_("Which promise"), widget=forms.RadioSelect, error_messages=needed(_("Choose the promise."))
    )
    why = forms.CharField(
        label=_("What do we wait for?"), max_length=300, error_messages=needed(_("Say what we wait for.")),
        help_text=_("Such as: the customer sends the router’s serial number."),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """The promises that run."""
        _offer(self, promises_running(matter, paused=False))

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """One of ours must run."""
        if not promises_running(matter, paused=False):
            return may.act(matter.case) or Refusal(
                "No promise of ours runs", "A-why", "There is nothing to pause."
            )
        return may.act(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Pause it."""
        said = self.cleaned_data
        return actions.pause(hand, by, now, clock=said["clock"], why=said["why"])


class Resume(CaseForm):
    """A promise runs on."""

    slug, label, group = "resume", _("Let a promise run on"), Group.DATES
    button, done = _("Let it run on"), _("The promise runs on.")

    clock = forms.ChoiceField(
        label=_("Which promise"), widget=forms.RadioSelect, error_messages=needed(_("Choose the promise."))
    )

    def prepare(self, matter: Matter) -> None:
        """The promises that stand still."""
        _offer(self, promises_running(matter, paused=True))

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """One must stand still."""
        if not promises_running(matter, paused=True):
            return Refusal("No promise stands still", "A-why", "There is nothing to resume.")
        return may.act(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Resume it."""
        return actions.resume(hand, by, now, clock=self.cleaned_data["clock"])


class Extend(CaseForm):
    """A later time for one promise of ours, told to the customer in the same breath."""

    slug, label, group = "extend", _("Give a promise of ours more time"), Group.DATES
    writes = True
    intro = _(
        "The customer is told the new time and the reason in a letter that leaves with it. The law’s dates stay."
    )
    button, done = (
        _("Extend it and tell the customer"),
        _("The promise has its new time, and the customer is told."),
    )

    clock = forms.ChoiceField(
        label=_("Which promise"), widget=forms.RadioSelect, error_messages=needed(_("Choose the promise."))
    )
    until = Moment(label=_("Until when"), error_messages=needed(_("Give the new date and time.")))
    why = Words(
        label=_("The reason, as the customer will read it"),
        rows=4,
        error_messages=needed(_("Write the reason.")),
    )

    def prepare(self, matter: Matter) -> None:
        """The promises that run."""
        _offer(self, promises_running(matter, paused=False))

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """One of ours must run, and the customer must be reachable."""
        if not promises_running(matter, paused=False):
            return may.act(matter.case) or Refusal(
                "No promise of ours runs", "A-why", "There is nothing to extend."
            )
        return may.act(matter.case) or may.write_to(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Extend it."""
        said = self.cleaned_data
        return actions.extend(
            docket, hand, by, now, clock=said["clock"], until=said["until"], why=said["why"]
        )


class CorrectReceipt(CaseForm):
    """A contact reached us at another moment than was written down."""

    slug, label, group = "correct-receipt", _("Correct when a contact reached us"), Group.DATES
    intro = _("It can move the law’s date, so it needs a reason, and both moments stay on the case.")
    button, done = _("Correct it"), _("The receipt is corrected; the dates follow it.")

    contact = forms.ChoiceField(
        label=_("Which contact"), widget=forms.RadioSelect, error_messages=needed(_("Choose the contact."))
    )
    received = Receipt(label=_("When it reached us"), error_messages=needed(_("Give the date and time.")))
    why = forms.CharField(
        label=_("Why it was another moment"), max_length=500, error_messages=needed(_("Say why.")),
        help_text=_("Such as: the letter lay in the post room since Friday."),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """Every contact of the customer."""
        heard = [c for c in matter.case.contacts if c.inbound]
        field = self.fields["contact"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (c.id, f"{saying.moment(c.at)}, {c.channel}: {first_words(c.subject or c.words) or '(no words)'}")
            for c in heard
        ]
        if len(heard) == 1:
            field.initial = heard[0].id
            self.fields["received"].initial = heard[0].at

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a contact; a closed case may be corrected too."""
        if any(c.inbound for c in matter.case.contacts):
            return None
        return Refusal("The customer has made no contact yet", "A-evidence", "There is nothing to correct.")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Correct it."""
        said = self.cleaned_data
        return actions.correct_receipt(
            hand, by, now, contact=said["contact"], received=said["received"], why=said["why"]
        )
