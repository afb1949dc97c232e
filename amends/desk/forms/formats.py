"""Forms about the format in which a customer reads what we write: their need, an order for one letter, and its dispatch."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core.formats import AT_ONCE, Format, clause
from amends.core.kinds import FORMAT_LETTER
from amends.core.may import Refusal
from amends.core.saying import moment
from amends.desk import actions
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.fields import Words, needed
from amends.desk.forms.keeping import LETTER_NAMES

if TYPE_CHECKING:
    from amends.core.case import FormatOrder
    from amends.desk.record import CaseInHand, Docket

USUAL = "usual"
"""What the form calls the standard format, whose own name is empty."""
FORMATS_SAID = (
    (str(Format.LARGE_PRINT), _("Large print, 18 point")),
    (str(Format.BRAILLE), _("Braille")),
    (str(Format.AUDIO), _("Audio, read aloud")),
    (str(Format.PLAIN_TEXT), _("Plain text, for a screen reader")),
    (str(Format.SIGN_LANGUAGE), _("British Sign Language")),
)


NOT_AGAIN = (*AT_ONCE, FORMAT_LETTER)
"""Letters that nobody orders in another format: one that works for minutes, and the one that only carries another."""


class NeedFormat(CaseForm):
    """The format that the customer needs, for every letter from now on."""

    slug, label, group = "format", _("Record the format that they need"), Group.TALK
    intro = _("It counts for every letter to this customer from now on, on every case of theirs.")
    button, done = _("Keep it"), _("Every letter from now on goes in that format.")

    wanted = forms.ChoiceField(
        label=_("How they read what we write"), widget=forms.RadioSelect,
        choices=[(USUAL, _("As usual: email or letter")), *FORMATS_SAID],
        error_messages=needed(_("Choose a format.")),
    )  # fmt: skip
    consent = Words(
        label=_("How they agreed that we keep it"), rows=2, required=False,
        help_text=_("Such as: agreed on this call. Not needed to go back to the usual form."),
    )  # fmt: skip
    review = forms.DateField(
        label=_("Ask them again from"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A year from today if you leave it empty."),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """What they need now."""
        self.fields["wanted"].initial = str(matter.case.format) or USUAL

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Always, closed cases too."""
        return None

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Record it."""
        said = self.cleaned_data
        wanted = "" if said["wanted"] == USUAL else said["wanted"]
        return actions.need_format(
            hand, by, now, wanted=wanted, consent=said["consent"], review=said["review"]
        )


class OrderFormat(CaseForm):
    """One letter in another format, because the customer asks for it."""

    slug, label, group = "format-order", _("Send a letter in another format"), Group.TALK
    writes = True
    intro = _(
        "What the desk can make leaves at once. What only a person can make becomes a duty on the case."
    )
    button, done = _("Send it"), _("It is on its way, or stands on the case as a duty.")

    letter = forms.ChoiceField(
        label=_("Which letter"), widget=forms.RadioSelect, error_messages=needed(_("Choose the letter."))
    )
    wanted = forms.ChoiceField(
        label=_("In which format"), widget=forms.RadioSelect, choices=FORMATS_SAID,
        error_messages=needed(_("Choose the format.")),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """Every letter, newest first."""
        field = self.fields["letter"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (x.key, f"{LETTER_NAMES.get(x.letter, x.letter)}, {moment(x.decided)}")
            for x in reversed(matter.case.letters)
            if x.letter not in NOT_AGAIN
        ]

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a letter."""
        if any(x.letter not in NOT_AGAIN for x in matter.case.letters):
            return None
        return Refusal("The case has no letter yet", clause(matter.book.code), "Nothing has been written.")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Order it."""
        said = self.cleaned_data
        return actions.send_in_format(docket, hand, by, now, letter=said["letter"], wanted=said["wanted"])


class DispatchFormat(CaseForm):
    """What was ordered has left."""

    slug, label, group = "format-sent", _("Say that a letter in a format has left"), Group.TALK
    button, done = _("Save"), _("It stands on the case.")

    order = forms.ChoiceField(
        label=_("Which one"), widget=forms.RadioSelect, error_messages=needed(_("Choose the one that left."))
    )
    how = forms.CharField(
        label=_("Which way it left"), max_length=300, error_messages=needed(_("Write which way it left.")),
        help_text=_("Such as: embossed and posted by Royal Mail Articles for the Blind. Or why it is not needed."),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """What waits, the oldest first."""
        field = self.fields["order"]
        assert isinstance(field, forms.ChoiceField)
        letters = {x.key: LETTER_NAMES.get(x.letter, x.letter) for x in matter.case.letters}
        field.choices = [
            (o.id, f"{letters.get(o.letter, o.letter)} in {o.format}, ordered {moment(o.ordered)}")
            for o in _waiting(matter)
        ]
        field.initial = next((o.id for o in _waiting(matter)), None)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Something must wait."""
        if _waiting(matter):
            return None
        return Refusal(
            "Nothing was ordered that has not left", clause(matter.book.code), "Order a letter first."
        )

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Record it."""
        said = self.cleaned_data
        return actions.dispatch_format(hand, by, now, order=said["order"], how=said["how"])


def _waiting(matter: Matter) -> list[FormatOrder]:
    return [o for o in matter.case.format_orders if o.dispatched is None]
