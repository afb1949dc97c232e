"""Forms for contact with the customer: introductions, calls and their follow-up in writing, letters of one's own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core import may, saying
from amends.core.case import Contact
from amends.core.may import Refusal
from amends.core.ways import EMAIL, ways
from amends.desk import actions
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter, first_words
from amends.desk.forms.fields import Words, needed
from amends.desk.forms.papers import Papers, offer_papers

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
    papers = Papers()

    def prepare(self, matter: Matter) -> None:
        """The files of the case that can go with it."""
        offer_papers(self, matter)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a written way."""
        return may.write_to(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write and freeze it."""
        said = self.cleaned_data
        return actions.write(
            docket, hand, by, now, purpose=said["purpose"], words=said["words"], papers=said.get("papers", ())
        )


class FollowUp(CaseForm):
    """A call, put in writing: its words are there already."""

    slug, label, group = "follow-up", _("Put a call in writing"), Group.TALK
    writes = True
    intro = _(
        "What was said on the call, as a letter to the customer. Your note of the call is filled in: read it as they will."
    )
    button, done = _("Send it"), _("The call has been put in writing.")

    contact = forms.ChoiceField(
        label=_("Which call"), widget=forms.RadioSelect, error_messages=needed(_("Choose the call."))
    )
    words = Words(
        label=_("Your words"), rows=10, error_messages=needed(_("Write what the customer should know.")),
        help_text=_("Greeting, reference, what happens next and your name are added around them."),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """The calls, the latest first; the words of the one that was asked for."""
        calls = list(reversed([c for c in matter.case.contacts if c.channel == "phone" and c.reached]))
        field = self.fields["contact"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (c.id, f"{saying.moment(c.at)}: {first_words(c.words) or '(no words)'}") for c in calls
        ]
        chosen = next((c for c in calls if c.id == self.initial.get("contact")), calls[0] if calls else None)
        if chosen is not None:
            field.initial = chosen.id
            self.fields["words"].initial = written_up(chosen)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a call, and a written way."""
        if not any(c.channel == "phone" and c.reached for c in matter.case.contacts):
            return Refusal(
                "No call with the customer stands on the case",
                "A-any-channel",
                "Write to them in your own words.",
            )
        return may.write_to(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write and freeze it."""
        said = self.cleaned_data
        return actions.follow_up(docket, hand, by, now, contact=said["contact"], words=said["words"])


def written_up(call: Contact) -> str:
    """The words of a call, begun as a letter about it."""
    return f"Thank you for speaking with us on {saying.moment(call.at)}. This is what we spoke about.\n\n{call.words}"


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
