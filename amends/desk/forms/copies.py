"""Forms to ask for a copy of the code: a stranger's in the portal, a colleague's for a caller, and one on a case."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core import copies
from amends.core.formats import Format
from amends.core.may import Refusal
from amends.desk import actions
from amends.desk.actions import Actor, CopyWanted, NewContact
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.fields import House, Moment, needed
from amends.desk.forms.formats import FORMATS_SAID, USUAL

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket

WAYS: Final = (("email", _("By email")), ("letter", _("In the post")))
IN_FORMATS: Final = ((USUAL, _("In ordinary print, or as a PDF")), *FORMATS_SAID)
SUBJECT: Final = "A copy of the code"
"""What the case is about, in the lists of the console."""


class WhereTo(House):
    """In which format a copy goes, which way, and to whom."""

    wanted = forms.ChoiceField(
        label=_("In which format?"), widget=forms.RadioSelect, choices=IN_FORMATS, initial=USUAL,
        error_messages=needed(_("Choose a format.")),
    )  # fmt: skip
    prefers = forms.ChoiceField(
        label=_("Which way shall we send it?"), widget=forms.RadioSelect, choices=WAYS,
        error_messages=needed(_("Choose how we shall send it.")),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name"), max_length=200, error_messages=needed(_("Give the name to write to.")),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Email address"), required=False, max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )  # fmt: skip
    address = forms.CharField(
        label=_("Postal address"), required=False, max_length=1000, help_text=_("With the postcode."),
        widget=forms.Textarea(attrs={"rows": 4, "class": "short", "autocomplete": "street-address"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The way that was chosen needs its address."""
        said: dict[str, Any] = super().clean() or {}
        asked = {
            "email": ("email", _("Give the email address to send it to.")),
            "letter": ("address", _("Give the postal address to send it to.")),
        }.get(said.get("prefers", ""))
        if asked and not said.get(asked[0], "").strip() and asked[0] not in self.errors:
            self.add_error(asked[0], ValidationError(asked[1]))
        return said

    @property
    def copy(self) -> CopyWanted:
        """How the copy goes."""
        said = self.cleaned_data
        return CopyWanted(
            said["prefers"], "" if said["wanted"] == USUAL else said["wanted"], said.get("asked")
        )


class AskCopy(WhereTo):
    """Somebody without an account asks for a copy."""

    which = forms.CharField(widget=forms.HiddenInput, required=False)
    """Which form it is, signed: sent twice by the browser that asked for it, it is one request."""


class SendCopy(WhereTo):
    """A colleague takes the request of somebody who called or wrote, and has no case here."""

    came = forms.ChoiceField(
        label=_("How did they ask?"), widget=forms.RadioSelect, initial="phone",
        choices=[
            ("phone", _("By phone")), ("letter", _("In a letter")), ("email", _("By email")),
            ("webchat", _("In the chat")),
        ],
        error_messages=needed(_("Say how they asked.")),
    )  # fmt: skip
    asked = Moment(
        label=_("When did they ask?"),
        required=False,
        help_text=_("Now, if you leave it empty. It counts from then."),
    )
    field_order = ("came", "asked", "wanted", "prefers", "name", "email", "address")

    def __init__(self, data: Any = None, *, now: datetime) -> None:
        super().__init__(data)
        self.now = now

    def clean_asked(self) -> datetime | None:
        """No moment that is still to come."""
        asked: datetime | None = self.cleaned_data["asked"]
        if asked is not None and asked > self.now:
            raise ValidationError(_("That moment is still to come."))
        return asked

    @property
    def contact(self) -> NewContact:
        """Their request as a contact; a letter counts from the day on which it came."""
        asked = self.cleaned_data["asked"]
        return NewContact(
            channel=self.cleaned_data["came"], received=self.now, words="", subject=SUBJECT,
            sender=self.cleaned_data["email"], effective=asked,
            backdated_why=str(_("They asked then; it was written down later.")) if asked else "",
        )  # fmt: skip


class CopyOnCase(CaseForm):
    """The customer of a case asks for the code that governs it."""

    slug, label, group = "copy-of-code", _("Send a copy of the code"), Group.TALK
    writes = True
    intro = _("The code that governs this case goes, free of charge, with a letter of its own.")
    button, done = _("Send it"), _("The copy is on its way.")

    wanted = forms.ChoiceField(
        label=_("In which format?"), widget=forms.RadioSelect,
        choices=[(USUAL, _("As they read every letter")), *FORMATS_SAID], initial=USUAL,
        error_messages=needed(_("Choose a format.")),
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=_("Which way shall it go?"),
        widget=forms.RadioSelect,
        error_messages=needed(_("Choose the way.")),
    )

    def prepare(self, matter: Matter) -> None:
        """The ways to this customer."""
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)
        customer = matter.case.customer
        known = {"email": customer.email, "letter": customer.address}
        field.choices = [
            (name, f"{words}: {' '.join(known[name].split())}") for name, words in WAYS if known[name]
        ]
        if len(field.choices) == 1:
            field.initial = field.choices[0][0]

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a code, and an address; a closed case bars nobody from the code."""
        said = copies.clause(matter.book.code)
        if matter.book.code is None:
            return Refusal("No code governs this case", said, "Adopt the provider's code first.")
        if not (matter.case.customer.email or matter.case.customer.address):
            return Refusal("No address is known", said, "Write down an email or a postal address first.")
        return None

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Ask for it; the letter is written as the docket ends."""
        said = self.cleaned_data
        wanted = "" if said["wanted"] == USUAL else said["wanted"]
        return actions.ask_copy(hand, by, now, CopyWanted(said["channel"], str(Format(wanted))))
