"""Forms that keep a case in order: who holds it, who the customer is, who else may write, notes, fates of letters."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core import facts as f
from amends.core import may
from amends.core.code import CustomerKind
from amends.core.kinds import COPY_LETTER
from amends.core.letters import LETTERS
from amends.core.may import Refusal
from amends.core.saying import moment
from amends.desk import actions
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.fields import Files, Words, needed

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket

LETTER_NAMES = {kind.id: kind.title for kind in LETTERS}

KINDS_SAID = (
    ("", _("Not known")),
    (str(CustomerKind.RESIDENTIAL), _("At home (residential)")),
    (str(CustomerKind.SMALL_BUSINESS), _("A small business, up to 10 people")),
    (str(CustomerKind.NOT_FOR_PROFIT), _("Not for profit")),
    (str(CustomerKind.LARGER_BUSINESS), _("A larger business")),
)
PREFERS_SAID = (
    ("", _("No wish known")),
    ("email", _("Email")),
    ("letter", _("Letter")),
    ("phone", _("Phone")),
)


class Assign(CaseForm):
    """A person holds the case."""

    slug, label, group = "assign", _("Give the case to a person"), Group.KEEP
    button, done = _("Give it to them"), _("The case has its handler.")

    handler = forms.ChoiceField(label=_("Who takes it"), error_messages=needed(_("Choose a person.")))

    def prepare(self, matter: Matter) -> None:
        """Who works on cases here, oneself first."""
        others = [c for c in matter.colleagues if c.id != matter.by.id]
        mine = [c for c in matter.colleagues if c.id == matter.by.id]
        field = self.fields["handler"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(c.id, f"{c.name} ({c.role})") for c in (*mine, *others)]
        field.initial = matter.case.handler or (mine[0].id if mine else None)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """The case must be open."""
        return may.assign(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Assign it."""
        chosen = next(c for c in self.matter.colleagues if c.id == self.cleaned_data["handler"])
        return actions.assign(hand, by, now, handler=chosen)


class CustomerDetails(CaseForm):
    """What is known of the customer."""

    slug, label, group = "customer", _("Customer details and ways to reach them"), Group.KEEP
    intro = _(
        "An empty box leaves what was known before. A letter that waited for a way to reach them leaves at once."
    )
    button, done = _("Save the details"), _("The details stand on the case.")

    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    email = forms.EmailField(label=_("Email"), required=False, max_length=320)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=60)
    address = forms.CharField(
        label=_("Postal address"), required=False, max_length=1000, help_text=_("One line per line, with the postcode."),
        widget=forms.Textarea(attrs={"rows": 4, "class": "short"}),
    )  # fmt: skip
    account = forms.CharField(label=_("Account"), required=False, max_length=100)
    prefers = forms.ChoiceField(label=_("How they want replies"), required=False, choices=PREFERS_SAID)
    customer_kind = forms.ChoiceField(
        label=_("Who they are"), required=False, choices=KINDS_SAID,
        help_text=_("Whoever’s size is not known counts as covered by the dispute-resolution rules."),
    )  # fmt: skip
    headcount = forms.IntegerField(
        label=_("People who work there"), required=False, min_value=0, max_value=1_000_000,
        help_text=_("Everybody who works for the business, employed or not."),
    )  # fmt: skip
    counted_how = forms.CharField(label=_("How that was counted"), required=False, max_length=200)

    def prepare(self, matter: Matter) -> None:
        """What is known now."""
        known = matter.case.customer
        for name in ("name", "email", "phone", "address", "account", "prefers", "headcount", "counted_how"):
            self.fields[name].initial = getattr(known, name)
        self.fields["customer_kind"].initial = "" if known.kind is CustomerKind.UNKNOWN else str(known.kind)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Always, closed cases too."""
        return None

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        return actions.know_customer(hand, customer_known(self.cleaned_data, by, now))


def customer_known(said: dict[str, Any], by: Actor, now: datetime) -> f.CustomerKnown:
    """The details that a form asked for, as a fact."""
    return f.CustomerKnown(
        at=now, logged=now, by=by.id, customer_kind=said.get("customer_kind", ""), headcount=said.get("headcount"),
        counted_how=said.get("counted_how", ""), prefers=said.get("prefers", ""), name=said.get("name", ""),
        email=said.get("email", ""), phone=said.get("phone", ""), address=said.get("address", ""),
        account=said.get("account", ""),
    )  # fmt: skip


class Identity(CaseForm):
    """A check of who the caller is, passed or not."""

    slug, label, group = "identity", _("Record an identity check"), Group.KEEP
    button, done = _("Record the check"), _("The identity check stands on the case.")

    passed = forms.ChoiceField(
        label=_("Did they pass?"), widget=forms.RadioSelect, choices=[("yes", _("Yes")), ("no", _("No"))],
        error_messages=needed(_("Say whether they passed.")),
    )  # fmt: skip
    how = forms.CharField(
        label=_("What was asked"), max_length=300, error_messages=needed(_("Write what was asked.")),
        help_text=_("Such as: postcode and the amount of the last bill. Never the answers."),
    )  # fmt: skip

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Always, closed cases too."""
        return None

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Record it."""
        said = self.cleaned_data
        return actions.check_identity(hand, by, now, passed=said["passed"] == "yes", how=said["how"])


class AddParty(CaseForm):
    """Somebody else who may write about the case."""

    slug, label, group = "party", _("Let somebody else write about it"), Group.KEEP
    button, done = _("Add them"), _("They may write about this case now.")

    role = forms.ChoiceField(
        label=_("What they are to the customer"), error_messages=needed(_("Say what they are to the customer.")),
        choices=[
            ("representative", _("Representative")), ("family", _("Family")), ("carer", _("Carer")),
            ("adviser", _("Adviser, such as Citizens Advice")), ("colleague", _("Colleague in the business")),
        ],
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=200, error_messages=needed(_("Give their name.")))
    email = forms.EmailField(label=_("Email"), required=False, max_length=320)
    why = Words(
        label=_("How we know that they may speak here"), rows=3,
        error_messages=needed(_("Write how we know that they may speak here.")),
    )  # fmt: skip

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Add them."""
        said = self.cleaned_data
        return actions.add_party(
            hand, by, now, role=said["role"], name=said["name"], email=said["email"], why=said["why"]
        )


class Note(CaseForm):
    """Words for colleagues."""

    slug, label, group = "note", _("Add a note for colleagues"), Group.KEEP
    button, done = _("Add the note"), _("The note stands on the case.")

    words = Words(
        label=_("Note"), rows=4, error_messages=needed(_("Write what colleagues should know.")),
        help_text=_("The customer does not see it, but may ask for it."),
    )  # fmt: skip
    enclosed = Files(label=_("Files that belong to it"))

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Always, closed cases too."""
        return None

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Add it."""
        said = self.cleaned_data
        return actions.note(hand, by, now, words=said["words"], files=said["enclosed"])


FATES_SAID = (
    ("posted", _("It was posted")),
    ("sent", _("It did leave, as the mail server’s log shows")),
    ("returned", _("It came back")),
    ("failed", _("It did not leave")),
)


class Fate(CaseForm):
    """What became of a letter, as a person found out."""

    slug, label, group = "letter-fate", _("Say what became of a letter"), Group.KEEP
    button, done = _("Save"), _("It stands on the case.")

    key = forms.ChoiceField(
        label=_("Which letter"), widget=forms.RadioSelect, error_messages=needed(_("Choose the letter."))
    )
    fate = forms.ChoiceField(
        label=_("What became of it"), widget=forms.RadioSelect, error_messages=needed(_("Say what became of it.")),
        choices=FATES_SAID,
    )  # fmt: skip
    on = forms.DateField(
        label=_("On which day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("For a letter that was posted or came back. Today if you leave it empty."),
    )  # fmt: skip
    why = forms.CharField(label=_("How we know"), required=False, max_length=300)

    def prepare(self, matter: Matter) -> None:
        """Every letter, newest first."""
        fate, field = self.fields["fate"], self.fields["key"]
        assert isinstance(fate, forms.ChoiceField)
        if any(x.letter == COPY_LETTER and not x.fate for x in matter.case.letters):
            fate.choices = [*FATES_SAID, ("withdrawn", _("It need not go: nobody waits for this copy"))]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (
                x.key,
                f"{LETTER_NAMES.get(x.letter, x.letter)} by {x.channel}, {moment(x.decided)}: {x.fate or 'waits'}",
            )
            for x in reversed(matter.case.letters)
        ]

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a letter."""
        if matter.case.letters:
            return None
        return Refusal("The case has no letter yet", "A-evidence", "Nothing has been sent.")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Record it."""
        said = self.cleaned_data
        return actions.letter_fate(
            hand, by, now, key=said["key"], fate=said["fate"], why=said["why"], on=said["on"]
        )
