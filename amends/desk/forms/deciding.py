"""Forms for decisions: was it a complaint, what was found, what is offered, what the customer said, what comes next."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core import awards, citing, may, saying
from amends.core.awards import AwardKind, Basis
from amends.core.duties import further_stage
from amends.core.may import Refusal
from amends.desk import actions, redress
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter, first_words
from amends.desk.forms.fields import Pence, Words, needed
from amends.desk.models import RoleName
from amends.desk.powers import decides

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket

MANAGERS = frozenset(RoleName(role) for role in may.MANAGERS)
BY_A_PERSON = "recorded by a person"

COMPLAINT_OR_NOT = (
    ("yes", _("Yes, it was a complaint")),
    ("no", _("No, it was not")),
)


class Decide(CaseForm):
    """Whether a contact was a complaint."""

    slug, label, group = "decide", _("Decide: was this a complaint?"), Group.DECIDE
    button, done = _("Save the decision"), _("The decision stands on the contact.")

    contact = forms.ChoiceField(
        label=_("Which contact"), widget=forms.RadioSelect, error_messages=needed(_("Choose the contact."))
    )
    complaint = forms.ChoiceField(
        label=_("Was it a complaint?"), widget=forms.RadioSelect, choices=COMPLAINT_OR_NOT,
        error_messages=needed(_("Say whether it was a complaint.")),
    )  # fmt: skip
    why = Words(
        label=_("Why"), rows=3, required=False,
        help_text=_("Needed when it was none: nothing was wrong in their eyes, or no answer was expected."),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """Every contact of the customer, the undecided ones first."""
        heard = [c for c in matter.case.contacts if c.inbound and not c.machine]
        heard.sort(key=lambda c: c.complaint is not None)
        field = self.fields["contact"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (c.id, f"{saying.moment(c.at)}, {c.channel}: {first_words(c.subject or c.words) or '(no words)'}")
            for c in heard
        ]
        if heard:
            field.initial = self.initial.get("contact") or heard[0].id

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a contact."""
        if any(c.inbound and not c.machine for c in matter.case.contacts):
            return None
        return Refusal(
            "The customer has made no contact yet", "A-was-it-a-complaint", "There is nothing to decide."
        )

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Decide it."""
        said = self.cleaned_data
        return actions.decide_complaint(
            hand, by, now, contact=said["contact"], complaint=said["complaint"] == "yes", why=said["why"]
        )


class Findings(CaseForm):
    """What the investigation found."""

    slug, label, group = "findings", _("Write down what was found"), Group.DECIDE
    button, done = _("Save the findings"), _("The findings stand on the case.")

    words = Words(label=_("What was found"), rows=8, error_messages=needed(_("Write what was found.")))
    fault_owner = forms.CharField(
        label=_("Whose fault it was, if that is known"), required=False, max_length=120,
        help_text=_("Such as: ours, a supplier's, the customer's own equipment."),
    )  # fmt: skip

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Record them."""
        said = self.cleaned_data
        return actions.record_findings(hand, by, now, words=said["words"], fault_owner=said["fault_owner"])


class Propose(CaseForm):
    """A resolution, put to the customer."""

    slug, label, group = "propose", _("Propose an outcome"), Group.DECIDE
    writes = True
    intro = _(
        "The customer may accept or refuse it. The letter says so, and what they can do if they refuse."
    )
    button, done = _("Send the outcome"), _("The outcome has been put to the customer.")

    words = Words(
        label=_("What we found, and what we offer"), rows=10,
        error_messages=needed(_("Write what we found and what we offer.")),
    )  # fmt: skip
    credit = Pence(
        label=_("A further credit, in pounds"),
        required=False,
        help_text=_(
            "What was worked out before is part of the outcome already. Leave it empty where there is no more."
        ),
    )
    award = forms.ChoiceField(
        label=_("What the sum is"), required=False, widget=forms.RadioSelect, initial="credit",
        choices=[("credit", _("It gives back what was charged")), ("award", _("Compensation, or a gesture of goodwill"))],
    )  # fmt: skip
    what_for = forms.CharField(
        label=_("What that credit is for, as the customer will read it"), required=False, max_length=300
    )
    looked_at = forms.CharField(
        label=_("What you looked at to say that it did not lie beyond our control"), required=False, max_length=500,
        help_text=_("Needed with a credit. Where it did lie beyond our control, use “Offer a credit or payment”."),
    )  # fmt: skip

    fault_owner = forms.CharField(
        label=_("Whose fault it was, as the customer will read it"), required=False, max_length=200,
        help_text=_("Our own, a supplier’s, nobody’s, or: not known. The code promises to be honest about it."),
    )  # fmt: skip
    cites = forms.MultipleChoiceField(
        label=_("Reasons that the code gives"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("The clause stands in the letter in its own words."),
    )  # fmt: skip
    because = Words(
        label=_("Why that holds here, as the customer will read it"), rows=3, required=False,
        max_length=citing.LONGEST,
        help_text=_("Needed with a reason: what happened, until when it lasts, or which notice was given and when."),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """What was worked out before goes with it; reasons are offered where the code of the case gives some."""
        self.given = awards.prepared(matter.case)
        self.given_pence = awards.pence(self.given)
        code = matter.book.code
        if citing.says_whose_fault(code) is None:
            del self.fields["fault_owner"]
        else:
            self.fields["fault_owner"].initial = citing.known_owner(matter.case, code)
        reasons = [(c.id, f"{c.says} ({c.id})") for c in citing.offered(code)]
        if not reasons:
            del self.fields["cites"], self.fields["because"]
            return
        cites = self.fields["cites"]
        assert isinstance(cites, forms.MultipleChoiceField)
        cites.choices = reasons

    def cited(self) -> citing.Cited:
        """The reasons that were filled in."""
        said = self.cleaned_data
        return citing.Cited(
            tuple(said.get("cites", ())), said.get("because", ""), said.get("fault_owner", "")
        )

    def clean(self) -> dict[str, Any]:
        """A credit says what it is for, and what was looked at; a reason, why it holds."""
        said = super().clean() or self.cleaned_data
        if said.get("cites") and not said.get("because", "").strip():
            self.add_error("because", _("Write why that holds here."))
        if said.get("because", "").strip() and not said.get("cites"):
            self.add_error("cites", _("Choose the clause that it is the reason for, or leave the words out."))
        if said.get("credit"):
            if not said.get("what_for", "").strip():
                self.add_error("what_for", _("Write what the credit is for."))
            if not said.get("looked_at", "").strip():
                self.add_error("looked_at", _("Write what you looked at: the log, the findings."))
        return said

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a complaint and a way to write."""
        return may.propose(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Propose it."""
        said = self.cleaned_data
        award = said["award"] == "award"
        given = None
        if said["credit"]:
            basis = Basis.GOODWILL if award else Basis.REFUND
            clause = awards.paid_clause(hand.book, AwardKind.CREDIT)
            given = redress.Given(
                AwardKind.CREDIT, basis, said["what_for"], redress.goodwill(said["credit"], said["what_for"], clause),
                beyond_control=False, looked_at=said["looked_at"],
            )  # fmt: skip
        return actions.propose(
            docket, hand, by, now, words=said["words"], given=given, award=award, cited=self.cited()
        )


class Answer(CaseForm):
    """The customer's answer to an outcome, as a person heard it."""

    slug, label, group = "answer", _("Record the customer’s answer"), Group.DECIDE
    writes = True
    intro = _("Accepted, the case closes on the customer’s word. Refused, it goes on to the next step.")
    button, done = _("Record the answer"), _("The answer stands on the case.")

    accepted = forms.ChoiceField(
        label=_("Do they accept the outcome?"), widget=forms.RadioSelect,
        choices=[("yes", _("They accept it")), ("no", _("They refuse it"))],
        error_messages=needed(_("Say whether they accept the outcome.")),
    )  # fmt: skip
    words = Words(
        label=_("In their words"), rows=4, error_messages=needed(_("Write what the customer said, and where they said it.")),
        help_text=_("And on which call or visit, or in which message, they said so."),
    )  # fmt: skip

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """An outcome must wait for an answer."""
        return may.answer(matter.case, BY_A_PERSON, "words")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Record it."""
        said = self.cleaned_data
        accepted = said["accepted"] == "yes"
        return actions.answer(docket, hand, by, now, accepted=accepted, how=BY_A_PERSON, words=said["words"])


class Escalate(CaseForm):
    """On to the next stage of the code's path."""

    slug, label, group = "escalate", _("Take it to the next stage"), Group.DECIDE
    writes = True
    button, done = _("Escalate"), _("The next stage holds the case now.")

    why = Words(label=_("Why"), rows=3, error_messages=needed(_("Write why it goes to the next stage.")))
    channel = forms.ChoiceField(
        label=_("Did the customer ask for it?"), required=False,
        choices=[
            ("", _("No: it goes on because the outcome was refused, or we decided so")),
            ("phone", _("Yes, on the phone")), ("email", _("Yes, by email")), ("letter", _("Yes, by letter")),
            ("webchat", _("Yes, in a chat")), ("form", _("Yes, in a web form")), ("fax", _("Yes, by fax")),
        ],
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """Name who will hold it."""
        self.names = further_stage(matter.case, matter.book)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """The code must name a further stage."""
        return may.escalate(matter.case, matter.book)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Climb."""
        said = self.cleaned_data
        return actions.escalate(docket, hand, by, now, channel=said["channel"], why=said["why"])


class CannotSettle(CaseForm):
    """That we cannot settle it, in writing, where no ADR letter says so."""

    slug, label, group = "cannot-settle", _("Say in writing that we cannot settle it"), Group.DECIDE
    writes = True
    intro = _(
        "An answer in writing; it ends nothing. At deadlock the ADR letter says it: declare deadlock instead where you "
        "have told an outcome and it was refused."
    )
    button, done = _("Send it"), _("The letter has been decided and leaves as the provider’s mail is set.")

    words = Words(
        label=_("Why we cannot, in your words"), rows=8,
        error_messages=needed(_("Write why we cannot settle it.")),
        help_text=_("What was proposed and answered stands in the letter already, and what happens next."),
    )  # fmt: skip

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a complaint that is open and a way to write."""
        return may.propose(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write and freeze it."""
        return actions.say_cannot(docket, hand, by, now, words=self.cleaned_data["words"])


class Deadlock(CaseForm):
    """Our last word: the ADR letter leaves with it."""

    slug, label, group = "deadlock", _("Declare deadlock"), Group.DECIDE
    writes = True
    roles = frozenset(RoleName(role) for role in may.CASE_WORKERS)
    intro = _(
        "The outcome was told, the customer is unhappy with it, and we intend no further review. A manager or director "
        "declares it, and the ADR letter leaves at once, without being asked for; anybody else asks one of them here."
    )
    button, done = (
        _("Declare deadlock, or ask for it"),
        _("Deadlock is declared; the ADR letter is decided."),
    )

    position = Words(
        label=_("Our last position, as the letter will tell it"), rows=8,
        error_messages=needed(_("Write our last position for the customer.")),
    )  # fmt: skip

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """All three facts of CH-11; whoever may not declare it asks somebody who may."""
        if any(a.waits and a.deed == "deadlock" for a in matter.case.approvals) and not decides(matter.by):
            return Refusal(
                "Deadlock has been asked for", "CH-11", "A manager or a director decides about it."
            )
        return may.deadlock(matter.case, "position")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Declare it."""
        return actions.declare_deadlock(hand, by, now, position=self.cleaned_data["position"])
