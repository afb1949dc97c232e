"""Forms for the kinds of case besides complaints: one that opens any of them, and what is done on one."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core import data_answers, may, saying
from amends.core.calendar import london_date
from amends.core.care import arrangement, ending, steps
from amends.core.care.kinds import declared
from amends.core.kinds import CaseKind
from amends.core.may import Refusal
from amends.core.ways import ways
from amends.desk import care, porting
from amends.desk.actions import Actor, NewContact
from amends.desk.customers import contract
from amends.desk.forms import particulars
from amends.desk.forms.case_form import CaseForm, Group, Matter, first_words
from amends.desk.forms.fields import House, Receipt, Words, needed
from amends.desk.forms.keeping import KINDS_SAID, PREFERS_SAID
from amends.desk.forms.papers import Papers, offer_papers

if TYPE_CHECKING:
    from amends.core.care.declared import Declared, Particular, Step
    from amends.desk.record import CaseInHand, Docket

CAME = (
    ("phone", _("By phone")), ("email", _("By email")), ("letter", _("In a letter")), ("form", _("By a web form")),
    ("webchat", _("In the chat")), ("fax", _("By fax")),
)  # fmt: skip
ARRANGED: Final = _(
    "We agreed on how you pay what is still open. As long as you keep to it, and while we talk about it, we do not "
    "disconnect you. If a payment becomes difficult, tell us before its day. These are the payments:"
)
"""What a letter says of an arrangement before its payments, unless somebody puts it in other words."""


VISIT: Final = _("To put the fault right somebody has to come to you. This is the day that we agreed:")
"""What a letter says of an appointment before its day."""


class NewCare(House):
    """A case of some kind, from a call, letter or mail: who, what they said, and what the kind asks for."""

    reference = forms.CharField(widget=forms.HiddenInput, required=False)
    """For the case that this form may open, signed: sent twice, it opens one."""
    came = forms.ChoiceField(label=_("How did they get in touch?"), choices=CAME, initial="phone")
    asked = Receipt(
        label=_("When?"), required=False, help_text=_("Now, if you leave it empty. It counts from then.")
    )
    name = forms.CharField(
        label=_("Name"), max_length=200, error_messages=needed(_("Give the name of the customer."))
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=60)
    email = forms.EmailField(label=_("Email"), required=False, max_length=320)
    address = forms.CharField(
        label=_("Postal address"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
    )  # fmt: skip
    account = forms.CharField(label=_("Account"), required=False, max_length=100)
    customer_kind = forms.ChoiceField(label=_("Who they are"), required=False, choices=KINDS_SAID)
    prefers = forms.ChoiceField(label=_("How they want replies"), required=False, choices=PREFERS_SAID)
    subject = forms.CharField(label=_("In a few words"), required=False, max_length=200)
    words = Words(label=_("In their own words"), rows=4, required=False)

    def __init__(
        self, data: Any = None, *, kind: Declared, now: datetime, start: dict[str, Any] | None = None,
        known: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=start or {})
        self.kind, self.now = kind, now
        self.fields.update(particulars.boxes(kind.asked_first, known))

    def clean(self) -> dict[str, Any]:
        """Nothing is still to come that was asked or began, and no contract has days that cannot be."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("asked") and said["asked"] > self.now:
            self.add_error("asked", ValidationError(_("That moment is still to come.")))
        particulars.no_later(self, self.kind, self.now)
        particulars.possible(self, self.kind, said.get("asked") or self.now, self.now)
        return said

    @property
    def asks(self) -> list[Any]:
        """The boxes of what the kind asks for."""
        return [self[particulars.box_name(p)] for p in self.kind.asked_first]

    @property
    def given(self) -> dict[str, str]:
        """What was given of the particulars."""
        return particulars.read(self.kind, self.cleaned_data)

    @property
    def contact(self) -> NewContact:
        """Their request as a contact; what came before today counts from when it came."""
        said, asked = self.cleaned_data, self.cleaned_data["asked"]
        return NewContact(
            channel=said["came"], received=self.now, words=said["words"],
            subject=said["subject"] or self.kind.kind.heading, sender=said["email"],
            effective=asked, backdated_why=str(_("They asked then; it was written down later.")) if asked else "",
        )  # fmt: skip


class GiveParticulars(CaseForm):
    """What the kind of case asks for, put right or added to."""

    slug, label, group = "particulars", _("Change the particulars"), Group.KEEP
    button, done = _("Save"), _("The particulars stand on the case.")

    def prepare(self, matter: Matter) -> None:
        """The boxes of the case's kind, as they were filled."""
        kind = declared(matter.case.kind)
        if kind is not None:
            # What nobody has said yet stands in its box as the customers' book has it.
            known = {**contract.of_case(matter.case, london_date(matter.now)), **steps.given(matter.case)}
            self.fields.update(particulars.boxes(kind.particulars, known))

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Only some kinds ask for any."""
        return _no_steps(matter) or may.act(matter.case)

    def clean(self) -> dict[str, Any]:
        """Nothing that began is still to come, and no contract has days that cannot be."""
        said: dict[str, Any] = super().clean() or {}
        kind = declared(self.matter.case.kind)
        if kind is not None:
            particulars.no_later(self, kind, self.matter.now)
            asked = self.matter.case.first_received or self.matter.now
            particulars.possible(self, kind, asked, self.matter.now)
        return said

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Keep them."""
        kind = declared(hand.case.kind)
        return care.give(hand, by, now, particulars.read(kind, self.cleaned_data)) if kind else None


class TakeStep(CaseForm):
    """The step that comes next: done, held, or not needed."""

    slug, label, group = "step", _("Take the next step"), Group.DECIDE
    writes = True
    button, done = _("Take the step"), _("The step stands on the case.")

    which = forms.ChoiceField(label=_("The step"), widget=forms.RadioSelect)
    how = forms.ChoiceField(
        label=_("How did it go?"), widget=forms.RadioSelect, error_messages=needed(_("Say how it went.")),
        choices=[
            (steps.DONE, _("It is done")), (steps.HELD, _("It is held: we cannot go on yet")),
            (steps.NOT_NEEDED, _("It is not needed here")),
        ],
    )  # fmt: skip
    words = Words(
        label=_("What was done, or why not"), rows=4, required=False,
        help_text=_("For colleagues. A step that is held or not needed needs its reason."),
    )  # fmt: skip
    again = forms.DateField(
        label=_("If it is held: when do we look again?"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    tell = Words(
        label=_("What to write to the customer"), rows=6, required=False,
        help_text=_("Leave it empty to write nothing. You see the letter before it leaves."),
    )  # fmt: skip
    papers = Papers()

    def prepare(self, matter: Matter) -> None:
        """The one step that comes next."""
        following = steps.following(matter.case)
        field = self.fields["which"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(following.step.name, following.step.does)] if following else []
        if following is not None:
            field.initial = following.step.name
        if following is not None and following.step.tells:
            # What was worked out is shown, and may be put in other words, before it is said.
            self.fields["tell"].initial = proposed_words(matter, following.step)
        self.fields.update(particulars.boxes(self.asked, steps.given(matter.case)))
        offer_papers(self, matter)
        if not ways(matter.case):
            for box in ("tell", "papers"):
                self.fields.pop(box, None)
        self.order_fields(["which", "how", *map(particulars.box_name, self.asked)])

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a step that comes next, and no page of its own for it."""
        over = Refusal("Every step is taken", "A-evidence", "Nothing more is needed here.")
        following = steps.following(matter.case)
        refusal = _no_steps(matter) or may.act(matter.case) or (None if following else over)
        return refusal or data_answers.own_way(matter.case)

    def clean(self) -> dict[str, Any]:
        """A step that is not done has its reason; one that is held has its day."""
        said: dict[str, Any] = super().clean() or {}
        how = said.get("how")
        if how in (steps.HELD, steps.NOT_NEEDED) and not said.get("words", "").strip():
            self.add_error("words", ValidationError(_("Write why.")))
        if how == steps.HELD and said.get("again") is None and "again" not in self.errors:
            self.add_error("again", ValidationError(_("Give the day on which we look again.")))
        if said.get("papers") and not said.get("tell", "").strip():
            self.add_error("tell", ValidationError(_("Write the letter that the files go with.")))
        for p in self.asked if how == steps.DONE else ():
            box = particulars.box_name(p)
            if p.missing and said.get(box) in (None, "") and box not in self.errors:
                self.add_error(box, ValidationError(p.missing))
        return said

    @property
    def asked(self) -> tuple[Particular, ...]:
        """The particulars that are first known when this step is done."""
        kind, following = declared(self.matter.case.kind), steps.following(self.matter.case)
        return kind.asked_by(following.step.name) if kind and following else ()

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Take it."""
        said, kind = self.cleaned_data, declared(hand.case.kind)
        known = particulars.read(kind, said) if kind else {}
        taken = care.Taken(
            said["which"], said["how"], said["words"], said["again"], self._told, known,
            tuple(said.get("papers", ())),
        )  # fmt: skip
        return care.take_step(docket, hand, by, now, taken)

    @property
    def _told(self) -> str:
        """What the customer is written. What stood in the box already is said of a step that is done, of no other."""
        tell = str(self.cleaned_data.get("tell", ""))
        box = self.fields.get("tell")
        untouched = box is not None and tell.split() == str(box.initial or "").split()
        if untouched and not self.cleaned_data.get("papers") and self.cleaned_data["how"] != steps.DONE:
            return ""
        return tell


class SeePayment(CaseForm):
    """Whether a payment of an arrangement came."""

    slug, label, group = "payment", _("Say whether a payment came"), Group.DECIDE
    button, done = _("Save"), _("It stands on the case.")

    which = forms.ChoiceField(
        label=_("Which payment?"), widget=forms.RadioSelect, error_messages=needed(_("Choose a payment."))
    )
    came = forms.ChoiceField(
        label=_("Did it come?"), widget=forms.RadioSelect, choices=[("yes", _("Yes")), ("no", _("No"))],
        error_messages=needed(_("Say whether it came.")),
    )  # fmt: skip
    words = Words(label=_("What else is to be said of it"), rows=3, required=False)

    def prepare(self, matter: Matter) -> None:
        """Every payment that has not come."""
        held, field = arrangement.of_case(matter.case), self.fields["which"]
        assert isinstance(field, forms.ChoiceField)
        waiting = [p for p in held.payments if not p.came] if held else []
        field.choices = [(f"{p.due.isoformat()} {p.pence}", p.said) for p in waiting]
        if waiting:
            field.initial = field.choices[0][0]

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be an arrangement that runs."""
        held = arrangement.of_case(matter.case)
        none = Refusal("No payment is awaited here", "A-evidence", "Agree on an arrangement first.")
        return may.act(matter.case) or (none if held is None or held.over else None)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Keep it."""
        said = self.cleaned_data
        due, _space, pence = said["which"].partition(" ")
        return care.see_payment(
            hand,
            by,
            now,
            date.fromisoformat(due),
            int(pence),
            came=said["came"] == "yes",
            words=said["words"],
        )


def proposed_words(matter: Matter, step: Step) -> str:
    """What the customer can be told with this step, where something was worked out; empty where nothing was."""
    if matter.case.kind is CaseKind.PORT:
        return porting.refusal_said(matter.case) if step.name == "checked" else ""
    if matter.case.kind is CaseKind.HARDSHIP:
        return str(ARRANGED)
    if matter.case.kind is CaseKind.FAULT:
        return str(VISIT) if step.name == "appointment" else ""
    worked = ending.worked_out(matter.case, matter.book)
    return worked.said if worked else ""


class Complains(CaseForm):
    """At a word it is a complaint."""

    slug, label, group = "complains", _("They complain: make it a complaint"), Group.DECIDE
    writes = True
    intro = _(
        "It stays the same case with the same reference, steps and dates. The complaint counts from the contact that "
        "you choose: the first one, unless they were content then. The acknowledgement leaves with it."
    )
    button, done = _("Make it a complaint"), _("It is a complaint now, and has lost no date.")

    contact = forms.ChoiceField(
        label=_("In which contact did they first complain?"), widget=forms.RadioSelect
    )
    why = Words(
        label=_("What they are not satisfied with"), rows=3,
        error_messages=needed(_("Write what they are not satisfied with.")),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """Everything that they said, the first of it chosen."""
        heard = [c for c in matter.case.contacts if c.inbound and not c.machine]
        field = self.fields["contact"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (c.id, f"{saying.moment(c.at)}, {c.channel}: {first_words(c.words or c.subject)}") for c in heard
        ]
        if heard:
            field.initial = heard[0].id

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Only what is care can become a complaint so."""
        no = Refusal(
            "This is no request", "A-was-it-a-complaint", "Decide on its contact whether it is a complaint."
        )
        return may.act(matter.case) or (None if matter.case.care else no)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Decide it."""
        said = self.cleaned_data
        return care.complains(hand, by, now, contact=said["contact"], why=said["why"])


def _no_steps(matter: Matter) -> Refusal | None:
    if declared(matter.case.kind) is not None:
        return None
    return Refusal("This kind of case has no steps", "A-evidence", "A complaint goes the way of the code.")
