"""Forms of a chat: what a customer begins and writes, and how a person of the provider ends it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.desk.chats import LONGEST
from amends.desk.forms.contact import CHECKED, NEW
from amends.desk.forms.deciding import COMPLAINT_OR_NOT
from amends.desk.forms.fields import House, Words, needed
from amends.desk.forms.keeping import KINDS_SAID
from amends.desk.search import Result


class Begin(House):
    """The first words of a chat."""

    words = Words(
        label=_("What can we help you with?"), rows=4, max_length=LONGEST,
        error_messages=needed(_("Write what it is about.")),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Your name"), max_length=200, error_messages=needed(_("Tell us your name.")),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Your email address"), required=False, max_length=320,
        help_text=_("You can leave this empty. With it, we send you your reference and what was written here."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, known: bool = False) -> None:
        super().__init__(data)
        if known:
            # Whoever has their case open here need not say again who they are.
            del self.fields["name"], self.fields["email"]


class ChatWords(House):
    """One line more."""

    nonce = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    words = Words(
        label=_("Your message"),
        rows=3,
        max_length=LONGEST,
        error_messages=needed(_("Write your message first.")),
    )


class EndChat(House):
    """How a chat ends: whose it is, was it a complaint, was it answered, how it goes on."""

    about = forms.ChoiceField(label=_("Which case is it about?"), widget=forms.RadioSelect)
    reference = forms.CharField(
        label=_("Another reference"), required=False, max_length=40,
        help_text=_("If none of these is the one. It needs an identity check."),
        widget=forms.TextInput(attrs={"class": "short-box", "autocomplete": "off"}),
    )  # fmt: skip
    identity = forms.ChoiceField(
        label=_("Have you checked who they are?"), initial="none", required=False, widget=forms.RadioSelect,
        choices=[("none", _("Not yet, or not needed")), ("yes", _("Yes, they passed")), ("no", _("Yes, they did not pass"))],
    )  # fmt: skip
    identity_how = forms.CharField(
        label=_("What was asked"), required=False, max_length=300, help_text=_("Never the answers.")
    )
    complaint = forms.ChoiceField(
        label=_("Was this a complaint?"), widget=forms.RadioSelect,
        choices=[*COMPLAINT_OR_NOT, ("later", _("I cannot say yet: it counts as one until somebody decides"))],
        error_messages=needed(_("Say whether it was a complaint.")),
    )  # fmt: skip
    why_not = forms.CharField(label=_("Why it was none"), required=False, max_length=500)
    answered = forms.BooleanField(label=_("I have answered what they asked"), required=False)
    ends = forms.ChoiceField(
        label=_("How does it go on?"), widget=forms.RadioSelect, initial="open",
        choices=[("open", _("We look into it")), ("settled", _("It was settled now: the customer said so"))],
    )  # fmt: skip
    settled_words = Words(label=_("How it was settled, in the customer’s words"), rows=3, required=False)
    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    email = forms.EmailField(label=_("Email"), required=False, max_length=320)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=60)
    account = forms.CharField(label=_("Account"), required=False, max_length=100)
    customer_kind = forms.ChoiceField(label=_("Who they are"), required=False, choices=KINDS_SAID)
    take = forms.BooleanField(label=_("I take the case myself"), required=False)

    def __init__(
        self, data: Any = None, *, results: list[Result], proved: str, definition: str, start: dict[str, str]
    ) -> None:
        super().__init__(data, initial={"about": proved or NEW, **start})
        self.proved = proved
        self.fields["complaint"].help_text = _("R-01: %(says)s In doubt it is one.") % {"says": definition}
        known = [
            (r.reference, f"{r.name or _('No name')}, {r.area or _('no postcode')}, {r.reference}"
             + (f" ({_('they had it open in the portal')})" if r.reference == proved else ""))
            for r in results
        ]  # fmt: skip
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)
        about.choices = [*known, (NEW, _("Something new: it opens a case"))]

    def clean(self) -> dict[str, Any]:
        """What belongs together is there together."""
        said: dict[str, Any] = super().clean() or {}
        for box, wanted, when in (
            ("identity_how", said.get("identity") in CHECKED, _("Write what was asked.")),
            (
                "why_not",
                said.get("complaint") == "no",
                _("Write why: nothing was wrong in their eyes, or no answer was expected."),
            ),
            ("settled_words", said.get("ends") == "settled", _("Write down what the customer said.")),
        ):
            if wanted and not said.get(box, "").strip():
                self.add_error(box, ValidationError(when))
        if self.case and self.case != self.proved and said.get("identity") != "yes":
            self.add_error(
                "identity",
                ValidationError(_("Check who they are first: what they wrote would stand on that case.")),
            )
        return said

    @property
    def case(self) -> str:
        """The reference of the case that was chosen; empty for a new one."""
        other = str(self.cleaned_data.get("reference", "")).strip().upper()
        chosen = str(self.cleaned_data.get("about", ""))
        return other or ("" if chosen == NEW else chosen)
