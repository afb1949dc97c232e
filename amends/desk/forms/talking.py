"""Forms for contact with the customer: introductions, calls, letters of one's own, agreed times."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core import may, saying
from amends.core.duties import contact_time_clause
from amends.core.may import Refusal
from amends.core.ways import EMAIL, ways
from amends.desk import actions
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.fields import Words, london, needed

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket


class Introduce(CaseForm):
    """The handler says who they are."""

    slug, label, group = "introduce", _("Introduce yourself"), Group.TALK
    writes = True
    intro = _(
        "The customer learns who looks after the complaint, what to expect, and how to reach you directly."
    )
    button, done = _("Record the introduction"), _("The introduction stands on the case.")

    channel = forms.ChoiceField(
        label=_("How"), widget=forms.RadioSelect, initial="phone", error_messages=needed(_("Say how you made contact.")),
        choices=[
            ("phone", _("I have called and spoken with them")),
            ("email", _("Write to them now: the letter leaves with your direct details")),
        ],
    )  # fmt: skip
    words = Words(
        label=_("What was said, or what to write"), rows=5,
        error_messages=needed(_("Write what was said, or what to write.")),
        help_text=_("In a letter these words stand beside your name and direct details."),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """A letter goes the customer's own best way."""
        best = next(iter(ways(matter.case)), None)
        if best is not None and best.channel != EMAIL:
            field = self.fields["channel"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [
                ("phone", _("I have called and spoken with them")),
                ("letter", _("Write them a letter now")),
            ]

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """An introduction happens once, by whoever holds the case."""
        return may.introduce(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Record it, and write the letter."""
        said = self.cleaned_data
        return actions.introduce(docket, hand, by, now, channel=said["channel"], words=said["words"])


class Call(CaseForm):
    """A call that we made."""

    slug, label, group = "call", _("Log a call you made"), Group.TALK
    button, done = _("Log the call"), _("The call stands on the case.")

    purpose = forms.ChoiceField(
        label=_("What was it for?"), widget=forms.RadioSelect, error_messages=needed(_("Say what the call was for.")),
        choices=[
            ("reply", _("To answer in substance")),
            ("update", _("To tell how the complaint stands")),
            ("call back", _("To call back as promised")),
            ("information", _("To ask or tell something else")),
            ("acknowledgement", _("To give the reference, as we cannot write to them")),
        ],
    )  # fmt: skip
    reached = forms.ChoiceField(
        label=_("Did you reach them?"), widget=forms.RadioSelect,
        error_messages=needed(_("Say whether you reached the customer.")),
        choices=[("yes", _("Yes, we spoke")), ("no", _("No answer, or a voicemail"))],
    )  # fmt: skip
    words = Words(label=_("What was said"), rows=5, error_messages=needed(_("Write what was said.")))

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """A call may be logged on any case, closed ones too."""
        return None

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Log it."""
        said = self.cleaned_data
        return actions.call(
            hand, by, now, purpose=said["purpose"], words=said["words"], reached=said["reached"] == "yes"
        )


class Write(CaseForm):
    """A reply or an update in a person's own words."""

    slug, label, group = "write", _("Write to the customer"), Group.TALK
    writes = True
    button, done = _("Send it"), _("The letter has been decided and leaves as the provider's mail is set.")

    purpose = forms.ChoiceField(
        label=_("What is it?"), widget=forms.RadioSelect, initial="reply", error_messages=needed(_("Say what it is.")),
        choices=[
            ("reply", _("A reply: it answers in substance")),
            ("update", _("An update: it tells how the complaint stands")),
        ],
    )  # fmt: skip
    words = Words(
        label=_("Your words"), rows=10, error_messages=needed(_("Write what the customer should know.")),
        help_text=_("Greeting, reference, what happens next and your name are added around them."),
    )  # fmt: skip

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a written way."""
        return may.write_to(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write and freeze it."""
        said = self.cleaned_data
        return actions.write(docket, hand, by, now, purpose=said["purpose"], words=said["words"])


class AgreeTime(CaseForm):
    """A time to speak, agreed with the customer."""

    slug, label, group = "agree-time", _("Agree a contact time"), Group.TALK
    writes = True
    intro = _(
        "A date and a window, agreed with the customer. It is a promise, and is confirmed to them in writing."
    )
    button, done = _("Agree this time"), _("The contact time is agreed.")

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

    def prepare(self, matter: Matter) -> None:
        """The number that is known."""
        self.fields["number"].initial = matter.case.customer.phone

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

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Agree it, and confirm it."""
        said = self.cleaned_data
        return actions.agree_time(
            docket, hand, by, now, starts=said["from"], ends=said["to"], number=said["number"]
        )


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
            ("moved", _("Moved to another time")),
        ],
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """The times that wait."""
        waiting = [
            (a.id, saying.between(a.starts, a.ends)) for a in matter.case.appointments if not a.settled
        ]
        field = self.fields["appointment"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = waiting
        if len(waiting) == 1:
            field.initial = waiting[0][0]

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be one that waits."""
        if any(not a.settled for a in matter.case.appointments):
            return None
        return Refusal("No agreed contact time waits", contact_time_clause(matter.book), "Agree one first.")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Settle it."""
        said = self.cleaned_data
        return actions.settle_time(hand, by, now, appointment=said["appointment"], how=said["how"])


class Interval(CaseForm):
    """How often the customer hears from us."""

    slug, label, group = "interval", _("Agree how often they hear from us"), Group.TALK
    button, done = _("Agree this"), _("The interval is agreed, and its clock runs.")

    working_days = forms.IntegerField(
        label=_("Working days between two updates"), min_value=1, max_value=20,
        error_messages=needed(_("Give a number of working days between 1 and 20.")),
    )  # fmt: skip

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Agree it."""
        return actions.agree_interval(hand, by, now, working_days=self.cleaned_data["working_days"])


class SilenceNotice(CaseForm):
    """A dated notice to a customer who does not answer."""

    slug, label, group = "silence-notice", _("Send a notice: is it settled?"), Group.TALK
    writes = True
    intro = _(
        "Silence alone never closes a case. The notices, well apart, are what the code's clause for it asks for."
    )
    button, done = _("Send the notice"), _("The notice has been decided.")

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Only under a code that has a clause for silence."""
        closing = matter.book.code.closing if matter.book.code else None
        if closing is None or not closing.silence:
            return Refusal(
                "This code has no clause for a customer who does not answer",
                "A-consent",
                "Silence alone is not consent.",
            )
        return may.act(matter.case) or may.write_to(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Send it."""
        return actions.send_silence_notice(docket, hand, by, now)
