"""Forms that work out what is given to put a wrong right, decide on it by a second person, and say what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from amends.core import awards, may, saying, visits
from amends.core.awards import Award, AwardKind, Basis
from amends.core.calendar import london_date
from amends.core.care import porting as core_porting
from amends.core.care import steps
from amends.core.kinds import CaseKind
from amends.core.may import Refusal
from amends.core.redress import porting, refund
from amends.core.redress.compensation import (
    DelayedRepair,
    DelayedStart,
    Event,
    Excluded,
    MissedAppointment,
    Owed,
    token,
)
from amends.core.redress.sums import Mistake, Sum
from amends.desk import paid_before, redress, refunds
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.fields import Moment, Pence, Words, needed
from amends.desk.redress import Given

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket

FATES_SAID: Final = {
    "given": _("The customer has it: a bill shows it, it was paid, or it was done"),
    "in doubt": _("It is not known whether billing has it"),
    "failed": _("Billing could not give it"),
    "reversed": _("Billing took it back"),
    "again": _("It goes to billing once more, under a new number"),
    "withdrawn": _("It was worked out wrongly, and is withdrawn"),
}
BEYOND: Final = [
    ("no", _("No: it was ours to prevent")),
    ("yes", _("Yes: nobody here could have prevented it")),
]
NOTHING_WORKED_OUT: Final = _("Nothing is owed by this")


def _date(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


def _pounds(pence: int) -> Decimal:
    return Decimal(pence) / 100


class Reckoned(CaseForm):
    """A form whose sum is shown, line by line, before anything is kept."""

    group = Group.DECIDE
    reckons: ClassVar[bool] = True
    button, done = _("Add it to the outcome"), _("It is worked out, and is part of the next outcome.")
    reckoned: Sum | None = None
    """What was filled in comes to this."""

    def take(self, mistakes: Iterable[Mistake], boxes: dict[str, str]) -> None:
        """Each mistake at its box; `boxes` names the box of a field of the arithmetic."""
        for mistake in mistakes:
            # A field of a row of several ends in the field's own name: `outages 1 ends`.
            name = mistake.field.rpartition(" ")[2]
            self.add_error(
                boxes.get(name, name) if boxes.get(name, name) in self.fields else None, str(mistake)
            )

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a complaint that is worked on, and no outcome that waits for a second person."""
        return may.propose(matter.case) or redress.nothing_waits(matter.case)


class _BeyondControl(Reckoned):
    """What everybody says before money is given (F-beyond-control)."""

    beyond = forms.ChoiceField(
        label=_("Was it beyond our reasonable control?"), widget=forms.RadioSelect, choices=BEYOND,
        error_messages=needed(_("Say whether it was beyond our control.")),
    )  # fmt: skip
    looked_at = forms.CharField(
        label=_("What you looked at to say so"), max_length=500,
        error_messages=needed(_("Write what you looked at: the log, the supplier’s report, the findings.")),
    )  # fmt: skip

    def given(self, **more: Any) -> Given:
        """What was filled in, as it is given."""
        said = self.cleaned_data
        return Given(beyond_control=said["beyond"] == "yes", looked_at=said["looked_at"], **more)


def _covers(left: Iterable[refund.Refunded]) -> str:
    """The time that a refund pays for, as it is kept with the award."""
    return json.dumps([[x.service, x.starts.isoformat(), x.ends.isoformat()] for x in left])


class RefundOutage(_BeyondControl):
    """The subscription back for a time without service."""

    slug, label = "refund", _("Work out a refund for a time without service")
    intro = _(
        "By the minute, of what was paid for those days. What was refunded before is left out, and nobody gets back more "
        "than they paid."
    )

    service = forms.CharField(
        label=_("Service"), max_length=120, initial="Broadband", error_messages=needed(_("Name the service.")),
        help_text=_("The same name each time: a time is refunded once for each service."),
    )  # fmt: skip
    starts = Moment(label=_("Without service from"), error_messages=needed(_("Give the date and time.")))
    ends = Moment(label=_("Until"), error_messages=needed(_("Give the date and time.")))
    price = Pence(label=_("What was paid for it, in pounds"), error_messages=needed(_("Give the price.")))
    first = _date(_("For the days from"), error_messages=needed(_("Give the first day of that bill.")))
    last = _date(_("To and with"), error_messages=needed(_("Give the last day of that bill.")))
    field_order = (
        "service",
        "starts",
        "ends",
        "price",
        "first",
        "last",
        "beyond",
        "looked_at",
        "facts",
    )

    def clean(self) -> dict[str, Any]:
        """Work it out, or say what is wrong at its box."""
        said = super().clean() or self.cleaned_data
        if said.get("ends") and said["ends"] > self.matter.now:
            self.add_error(
                "ends", _("That moment is still to come. Refund what is over, and the rest after it.")
            )
        if self.errors:
            return said
        clause = awards.paid_clause(self.matter.book, AwardKind.REFUND)
        outages = [refund.Outage(said["service"], said["starts"], said["ends"])]
        bills = [refund.Paid(said["service"], _pounds(said["price"]), said["first"], said["last"])]
        before = refunds.before(self.matter.case, said["service"], by_hand=True)
        found = refund.refund(outages, bills, clause, before)
        if isinstance(found, Sum):
            self.reckoned = found
            if not found.pence:
                self.add_error(
                    None, f"{NOTHING_WORKED_OUT}: {'; '.join(line.words for line in found.lines)}."
                )
            left = refund.unpaid(outages, before)
            said["covers"] = _covers(left)
        else:
            self.take(found, {"pounds": "price", "bills": "price", "outages": "starts"})
        return said

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Add it, unless some of that time was refunded since the form was read."""
        said = self.cleaned_data
        outages = [refund.Outage(said["service"], said["starts"], said["ends"])]
        paid_before.hold(hand)
        left = refund.unpaid(outages, refunds.before(hand.case, said["service"], by_hand=True))
        if _covers(left) != said["covers"]:
            return Refusal(
                "Some of that time was refunded meanwhile",
                awards.HOUSE,
                "Show the arithmetic again, and look at it.",
            )
        words = _("Refund of %(service)s for the time without it") % {"service": said["service"]}
        given = self.given(
            kind=AwardKind.REFUND, basis=Basis.REFUND, words=words, sum=self.reckoned, covers=said["covers"]
        )
        return redress.prepare(hand, by, now, given)


class RefundPaid(_BeyondControl):
    """A refund of something that was paid, such as a wrong bill."""

    slug, label = "refund-paid", _("Refund something that was paid")

    words = forms.CharField(
        label=_("What is refunded, as the customer will read it"), max_length=300,
        error_messages=needed(_("Write what is refunded.")),
    )  # fmt: skip
    paid = Pence(label=_("What was paid, in pounds"), error_messages=needed(_("Give what was paid.")))
    back = Pence(label=_("What is refunded of it, in pounds"), error_messages=needed(_("Give the sum.")))
    bill = forms.CharField(
        label=_("On which bill it was paid"), required=False, max_length=60,
        help_text=_("Its number. Of one bill no more is given back than was paid, on all their cases together."),
    )  # fmt: skip
    field_order = ("words", "bill", "paid", "back", "beyond", "looked_at", "facts")

    def clean(self) -> dict[str, Any]:
        """Never more than was paid."""
        said = super().clean() or self.cleaned_data
        if not self.errors:
            clause = awards.paid_clause(self.matter.book, AwardKind.REFUND)
            said["covers"] = awards.of_bill(said["bill"], said["words"])
            before, where = paid_before.of_bill(self.matter.case, said["covers"])
            found = refund.by_hand(
                _pounds(said["back"]), _pounds(said["paid"]), _pounds(before), said["words"], clause, where
            )
            if isinstance(found, Sum):
                self.reckoned = found
            else:
                self.take(found, {"pounds": "back", "was_paid": "paid", "why": "words"})
        return said

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Add it."""
        said = self.cleaned_data
        given = self.given(
            kind=AwardKind.REFUND, basis=Basis.REFUND, words=said["words"], sum=self.reckoned, covers=said["covers"],
            was_paid=said["paid"],
        )  # fmt: skip
        return redress.prepare(hand, by, now, given)


class Goodwill(_BeyondControl):
    """A credit or payment at somebody's discretion."""

    slug, label = "goodwill", _("Offer a credit or payment")
    intro = _(
        "At our discretion, for this case alone. Above your limit a second person agrees before it is offered."
    )

    kind = forms.ChoiceField(
        label=_("How it is given"), widget=forms.RadioSelect, initial="credit",
        choices=[("credit", _("As a credit on a bill")), ("payment", _("As a payment"))],
    )  # fmt: skip
    sum = Pence(label=_("How much, in pounds"), error_messages=needed(_("Give the sum.")))
    words = forms.CharField(
        label=_("What it is for, as the customer will read it"), max_length=300,
        error_messages=needed(_("Write what it is for.")),
    )  # fmt: skip
    pay_by = _date(
        _("By when you promise it"), required=False, help_text=_("Within a month, if you leave it empty.")
    )
    field_order = ("kind", "sum", "words", "pay_by", "beyond", "looked_at", "facts")

    def clean(self) -> dict[str, Any]:
        """A sum that a person decides is its own arithmetic."""
        said = super().clean() or self.cleaned_data
        if not self.errors:
            kind = AwardKind(said["kind"])
            clause = awards.paid_clause(self.matter.book, kind)
            self.reckoned = redress.goodwill(said["sum"], said["words"], clause)
        return said

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Add it."""
        said = self.cleaned_data
        given = self.given(
            kind=AwardKind(said["kind"]), basis=Basis.GOODWILL, words=said["words"], sum=self.reckoned,
            pay_by=said["pay_by"],
        )  # fmt: skip
        return redress.prepare(hand, by, now, given)


class LatePort(_BeyondControl):
    """A credit for a number that was late in moving."""

    slug, label = "late-port", _("Credit a number that moved late")
    intro = _("No sum is published for it: you decide, and say how you came to it.")

    def prepare(self, matter: Matter) -> None:
        """The days that the case knows, where it was opened for the move."""
        port = core_porting.agreed(steps.given(matter.case)) if matter.case.kind is CaseKind.PORT else None
        if port is not None:
            self.fields["promised"].initial, self.fields["moved"].initial = port.promised, port.moved

    promised = _date(_("The number was to move on"), error_messages=needed(_("Give the day.")))
    moved = _date(_("It moved on"), required=False, help_text=_("Leave it empty while it has not."))
    sum = Pence(label=_("The credit, in pounds"), required=False)
    why = forms.CharField(label=_("How you came to that sum"), required=False, max_length=300)
    field_order = ("promised", "moved", "sum", "why", "beyond", "looked_at", "facts")

    def clean(self) -> dict[str, Any]:
        """The delay in days, and the sum that a person decided."""
        said = super().clean() or self.cleaned_data
        if said.get("moved") and said["moved"] > london_date(self.matter.now):
            self.add_error("moved", _("That day is still to come. Leave it empty while it has not moved."))
        if self.errors:
            return said
        ours = said["beyond"] == "no"
        clause = awards.late_port_clause(self.matter.book)
        until = said["moved"] or london_date(self.matter.now)
        if awards.late_port_paid(self.matter.case, said["promised"], until):
            self.add_error("moved", str(_("That delay is credited already: nothing is paid twice.")))
            return said
        if other := paid_before.moved(self.matter.case, said["promised"], until):
            twice = _("That delay is credited already, on %(case)s: nothing is paid twice.") % {"case": other}
            self.add_error("moved", str(twice))
            return said
        said["covers"] = json.dumps([said["promised"].isoformat(), until.isoformat()])
        found = porting.credit(
            porting.Port(said["promised"], said["moved"], ours), london_date(self.matter.now), clause,
            decided=_pounds(said["sum"]) if said["sum"] else None, why=said["why"],
        )  # fmt: skip
        if not isinstance(found, Sum):
            self.take(found, {"decided": "sum"})
        elif not found.pence:
            self.add_error(None, f"{NOTHING_WORKED_OUT}: {'; '.join(line.words for line in found.lines)}.")
        else:
            self.reckoned = found
        return said

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Add it."""
        words = str(_("Your number moved late"))
        given = self.given(
            kind=AwardKind.CREDIT, basis=Basis.LATE_PORT, words=words, sum=self.reckoned,
            covers=self.cleaned_data["covers"],
        )  # fmt: skip
        return redress.prepare(hand, by, now, given)


class PortCredit(LatePort):
    """The same on the case of a move itself, which is no complaint and has no outcome."""

    slug, label = "port-credit", _("Credit the delay of this move")
    button, done = _("Owe it now"), _("It is owed from now on, and goes to billing.")

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Only on the case of a move, while it is no complaint."""
        if matter.case.care and matter.case.kind is CaseKind.PORT:
            agreed = core_porting.agreed(steps.given(matter.case))
            none = Refusal("No day of the move is agreed yet", awards.HOUSE, "Agree on it first.")
            return (
                may.act(matter.case)
                or (none if agreed is None else None)
                or redress.nothing_waits(matter.case)
            )
        return Refusal(
            "This is no case of a move", awards.HOUSE, "On a complaint the credit is part of its outcome."
        )


class Promise(CaseForm):
    """Something that we do, say or explain, with a day for what is still to be done."""

    slug, label, group = "promise", _("Promise an apology, an explanation or an action"), Group.DECIDE
    button, done = _("Add it to the outcome"), _("It is part of the next outcome.")

    kind = forms.ChoiceField(
        label=_("What it is"), widget=forms.RadioSelect,
        choices=[
            ("action", _("Something that we will do")), ("apology", _("An apology")), ("explanation", _("An explanation")),
        ],
        error_messages=needed(_("Choose what it is.")),
    )  # fmt: skip
    words = Words(label=_("As the customer will read it"), rows=3, error_messages=needed(_("Write it.")))
    pay_by = _date(
        _("Done by"),
        required=False,
        help_text=_("For something that we will do; a month, if you leave it empty."),
    )

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """As for money."""
        return Reckoned.refused(matter)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Add it."""
        said = self.cleaned_data
        return redress.prepare(
            hand,
            by,
            now,
            Given(AwardKind(said["kind"]), Basis.GOODWILL, said["words"], pay_by=said["pay_by"]),
        )


VISIT: Final = "visit "
"""How the choice of a visit begins that the case knows; its London day follows."""


def _visit_said(visit: visits.Visit) -> str:
    said = {"day": saying.day(visit.day), "hours": visit.hours}
    if visit.hours:
        return _("The engineer’s visit of %(day)s, %(hours)s, was missed") % said
    return _("The engineer’s visit of %(day)s was missed") % said


class Compensate(Reckoned):
    """Automatic compensation, for a provider that signed its code (AC-R1 to AC-R10)."""

    slug, label = "compensation", _("Pay automatic compensation")
    intro = _("It is owed without being asked for, at once, and is no part of an outcome.")
    button, done = _("Owe it now"), _("It is owed from now on, and its credit note is written.")
    writes = True

    event = forms.ChoiceField(
        label=_("What happened"), widget=forms.RadioSelect, error_messages=needed(_("Choose what happened.")),
        choices=[
            ("repair", _("A total loss of service was repaired late")),
            ("appointment", _("An engineer’s appointment was missed")),
            ("start", _("A new service started late")),
        ],
    )  # fmt: skip
    begins = Moment(
        label=_("When"), error_messages=needed(_("Give the date and time.")),
        help_text=_("When the loss was reported, when the engineer was to come, or the promised day of the start."),
    )  # fmt: skip
    ends = Moment(
        label=_("Repaired, started, or called off"), required=False,
        help_text=_("Leave it empty while it lasts, or where nobody came."),
    )  # fmt: skip
    excluded = forms.ChoiceField(
        label=_("Is there a reason for which nothing is paid?"), required=False,
        choices=[("", _("No")), *((str(each), str(each).capitalize()) for each in Excluded)],
    )  # fmt: skip
    field_order = ("event", "begins", "ends", "excluded", "facts")

    def prepare(self, matter: Matter) -> None:
        """The visits that were agreed on the case and whose day has come stand first, unless they were paid for."""
        today = london_date(matter.now)
        paid = paid_before.days(matter.case) if matter.case.visits else frozenset()
        self._visits = {
            f"{VISIT}{visit.day.isoformat()}": visit
            for visit in visits.maybe_missed(matter.case, today)
            if token(MissedAppointment(visit.starts), visit.day) not in paid
        }
        if not self._visits:
            return
        event = self.fields["event"]
        assert isinstance(event, forms.ChoiceField)
        kinds = self.declared_fields["event"]
        assert isinstance(kinds, forms.ChoiceField)
        offered: list[Any] = [(key, _visit_said(visit)) for key, visit in self._visits.items()]
        event.choices = [*offered, *cast("list[Any]", kinds.choices)]
        begins = self.fields["begins"]
        begins.help_text = format_lazy(
            "{} {}", begins.help_text, _("Leave it empty for a visit that is named above.")
        )
        begins.required = self.data.get(self.add_prefix("event")) not in self._visits

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """The provider must have signed; no amount is shown where it has not (AC-R10)."""
        if redress.signed(matter.case.provider):
            return None
        return Refusal(
            "The provider has not signed the code of automatic compensation", "AC-R10",
            "Nothing is owed automatically; goodwill is another matter.",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What is owed for it, or why nothing is."""
        said = super().clean() or self.cleaned_data
        if said.get("event") in self._visits and said.get("begins"):
            self.add_error(
                "begins", _("The visit has its own time. Leave this empty, or choose what happened.")
            )
        if said.get("ends") and said["ends"] > self.matter.now:
            self.add_error("ends", _("That moment is still to come. Leave it empty while it lasts."))
        if self.errors:
            return said
        case, book = self.matter.case, self.matter.book
        found = redress.worked_out(case, book, self._event(), london_date(self.matter.now))
        if not isinstance(found, Owed):
            self.take(found, _BOXES)
        elif not found.sum.pence:
            self.add_error(None, f"{NOTHING_WORKED_OUT}: {found.because} ({found.sum.clause}).")
        else:
            self.reckoned = found.sum
        return said

    def _event(self) -> Event:
        said = self.cleaned_data
        begins, ends = said["begins"], said["ends"]
        excluded = Excluded(said["excluded"]) if said["excluded"] else None
        visit = self._visits.get(said["event"])
        if visit is not None:
            return MissedAppointment(visit.starts, cancelled=ends, excluded=excluded)
        if said["event"] == "repair":
            return DelayedRepair(begins, ends, excluded=excluded)
        if said["event"] == "appointment":
            return MissedAppointment(begins, cancelled=ends, excluded=excluded)
        return DelayedStart(london_date(begins), london_date(ends) if ends else None, excluded=excluded)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Owe it."""
        return redress.compensate(docket, hand, by, now, self._event())


_BOXES: Final = {"repaired": "ends", "cancelled": "ends", "starts": "begins", "day": "begins", "came": "ends"}


class AwardBecame(CaseForm):
    """What became of something that was given."""

    slug, label, group = "award", _("Say what became of an award"), Group.DECIDE
    writes = True
    button, done = _("Save"), _("It stands on the case.")

    award = forms.ChoiceField(
        label=_("Which"), widget=forms.RadioSelect, error_messages=needed(_("Choose which."))
    )
    fate = forms.ChoiceField(
        label=_("What became of it"),
        widget=forms.RadioSelect,
        error_messages=needed(_("Say what became of it.")),
    )
    why = forms.CharField(
        label=_("How that is known"), max_length=300, error_messages=needed(_("Write how that is known.")),
        help_text=_("The number of the bill, what billing said, or what was done and by whom."),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """Every award of which something can still be said."""
        open_ = [a for a in matter.case.awards if redress.may_become(a)]
        award, fate = self.fields["award"], self.fields["fate"]
        assert isinstance(award, forms.ChoiceField)
        assert isinstance(fate, forms.ChoiceField)
        award.choices = [(a.id, named(a)) for a in open_]
        able = {x for a in open_ for x in redress.may_become(a)}
        fate.choices = [(x, words) for x, words in FATES_SAID.items() if x in able]
        if open_:
            award.initial = self.initial.get("award") or open_[0].id

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be one. A closed case too: most close before the customer has the money."""
        if any(redress.may_become(a) for a in matter.case.awards):
            return None
        return Refusal("Nothing was given here", "A-evidence", "Work out a refund or a credit first.")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        said = self.cleaned_data
        return redress.became(docket, hand, by, now, award=said["award"], fate=said["fate"], why=said["why"])


def named(award: Award) -> str:
    """An award by its number, sum, words and where it stands."""
    sum_ = f"{saying.pence(award.pence)}, " if award.kind.money else ""
    return f"{award.id}: {award.kind}, {sum_}{award.words or award.basis} ({award.stands})"
