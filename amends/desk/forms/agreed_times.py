"""Forms about agreed contact times: agree one, move one with its reason, say what became of one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core import saying
from amends.core.case import Appointment
from amends.core.duties import contact_time_clause
from amends.core.may import Refusal
from amends.desk import actions
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.fields import Words, london, needed

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket


def waiting(matter: Matter) -> list[Appointment]:
    """The agreed times of a case that have not been accounted for."""
    return [a for a in matter.case.appointments if not a.settled]


def _offer(form: CaseForm, matter: Matter) -> None:
    """The times that wait, to choose from; where there is one, it is chosen."""
    found = [(a.id, saying.between(a.starts, a.ends)) for a in waiting(matter)]
    field = form.fields["appointment"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = found
    if len(found) == 1:
        field.initial = found[0][0]


def _one_waits(matter: Matter) -> Refusal | None:
    if waiting(matter):
        return None
    return Refusal("No agreed contact time waits", contact_time_clause(matter.book), "Agree one first.")


class _Window(CaseForm):
    """A day and a window, a number, and who calls."""

    day = forms.DateField(
        label=_("On which day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=needed(_("Give the day that was agreed.")),
    )  # fmt: skip
    starts = forms.TimeField(
        label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages=needed(_("Give the time from which we will call.")),
    )  # fmt: skip
    ends = forms.TimeField(
        label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages=needed(_("Give the time until which we will call.")),
    )  # fmt: skip
    number = forms.CharField(
        label=_("On which number"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"class": "short-box"}),
    )
    person = forms.ChoiceField(label=_("Who calls"), required=False)

    def prepare(self, matter: Matter) -> None:
        """The number that is known; oneself first, then whoever holds the case."""
        self.fields["number"].initial = matter.case.customer.phone
        who = self.fields["person"]
        assert isinstance(who, forms.ChoiceField)
        first = [c for c in matter.colleagues if c.id == matter.by.id]
        who.choices = [
            (c.id, c.name) for c in (*first, *(c for c in matter.colleagues if c.id != matter.by.id))
        ]

    def clean(self) -> dict[str, Any]:
        """The window as two moments."""
        said: dict[str, Any] = super().clean() or {}
        day, starts, ends = said.get("day"), said.get("starts"), said.get("ends")
        if day and starts and ends:
            try:
                said["from"], said["to"] = london(day, starts), london(day, ends)
            except ValidationError as gap:
                self.add_error("starts", gap)
        return said


class AgreeTime(_Window):
    """A time to speak, agreed with the customer."""

    slug, label, group = "agree-time", _("Agree a contact time"), Group.TALK
    writes = True
    intro = _(
        "A date and a window, agreed with the customer. It is a promise, and is confirmed to them in writing."
    )
    button, done = _("Agree this time"), _("The contact time is agreed.")

    plan = Words(
        label=_("What was agreed besides"), rows=3, required=False,
        help_text=_("What happens until then. It stands in the letter that confirms the time."),
    )  # fmt: skip

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Agree it, and confirm it."""
        said = self.cleaned_data
        return actions.agree_time(
            docket, hand, by, now, starts=said["from"], ends=said["to"], number=said["number"], person=said["person"],
            plan=said["plan"],
        )  # fmt: skip


class MoveTime(_Window):
    """An agreed time becomes another one; the first stays on the case, with the reason."""

    slug, label, group = "move-time", _("Move a contact time"), Group.TALK
    writes = True
    intro = _(
        "The time agreed first and the reason stay on the case. The customer is told the new time in writing."
    )
    button, done = _("Move it"), _("The contact time is moved.")

    appointment = forms.ChoiceField(
        label=_("Which time"), widget=forms.RadioSelect, error_messages=needed(_("Choose the contact time."))
    )
    why = forms.CharField(
        label=_("Why it moves, and who asked for it"), max_length=300,
        error_messages=needed(_("Write why it moves, and who asked for it.")),
    )  # fmt: skip
    field_order = ("facts", "appointment", "why", "day", "starts", "ends", "number", "person")

    def prepare(self, matter: Matter) -> None:
        """The times that wait, with the number and the person of the one."""
        super().prepare(matter)
        _offer(self, matter)
        chosen = self.initial.get("appointment") or self.fields["appointment"].initial
        before = next((a for a in waiting(matter) if a.id == chosen), None)
        if before is not None:
            self.fields["number"].initial = before.number or matter.case.customer.phone
            self.fields["person"].initial = before.person

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be one that waits."""
        return _one_waits(matter) or super().refused(matter)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Move it, and tell the customer."""
        said = self.cleaned_data
        return actions.move_time(
            docket, hand, by, now, appointment=said["appointment"], starts=said["from"], ends=said["to"], why=said["why"],
            number=said["number"], person=said["person"],
        )  # fmt: skip


class SettleTime(CaseForm):
    """What became of an agreed time."""

    slug, label, group = "settle-time", _("Say what became of a contact time"), Group.TALK
    button, done = _("Save"), _("It stands on the case.")

    appointment = forms.ChoiceField(
        label=_("Which time"), widget=forms.RadioSelect, error_messages=needed(_("Choose the contact time."))
    )
    how = forms.ChoiceField(
        label=_("What became of it?"), widget=forms.RadioSelect, error_messages=needed(_("Say what became of it.")),
        choices=[
            ("kept", _("Kept: we spoke")),
            ("missed by us", _("Missed by us")),
            ("missed by the customer", _("Missed by the customer")),
        ],
        help_text=_("A time that is moved to another is not missed: move it, with its reason."),
    )  # fmt: skip
    why = forms.CharField(label=_("Why, where it was missed"), required=False, max_length=300)

    def prepare(self, matter: Matter) -> None:
        """The times that wait."""
        _offer(self, matter)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be one that waits."""
        return _one_waits(matter)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Settle it."""
        said = self.cleaned_data
        return actions.settle_time(
            hand, by, now, appointment=said["appointment"], how=said["how"], why=said["why"]
        )
