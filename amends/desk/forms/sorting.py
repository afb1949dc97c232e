"""Forms for what reports count by: what a case is about, its root cause, and that the customer went to a scheme."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core import may, saying, scheme_path
from amends.core.calendar import london_date, noon
from amends.core.duties import ADR
from amends.core.kinds import CaseKind
from amends.core.may import Refusal
from amends.core.scheme_path import ABOUT
from amends.core.schemes import Ground, membership_on
from amends.desk import actions, categories
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter, first_words
from amends.desk.forms.fields import Words, needed
from amends.desk.houses import memberships_of

if TYPE_CHECKING:
    from datetime import date

    from amends.desk.record import CaseInHand, Docket


class Categorise(CaseForm):
    """What the case is about, and what was behind it."""

    slug, label, group = "categorise", _("Say what it is about, and the root cause"), Group.DECIDE
    intro = _("Reports count by it. The root cause may be added when it is known.")
    button, done = _("Save"), _("The case is sorted.")

    category = forms.ChoiceField(label=_("What it is about"), required=False)
    cause = forms.ChoiceField(label=_("Root cause"), required=False)

    def prepare(self, matter: Matter) -> None:
        """The provider's own lists, and what the case says already."""
        lists = categories.lists(matter.case.provider)
        for name, known, was in (
            ("category", lists.categories, matter.case.category),
            ("cause", lists.causes, matter.case.cause),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            words = known if not was or was in known else (*known, was)
            field.choices = [("", _("Not known yet")), *((word, word) for word in words)]
            field.initial = was

    def clean(self) -> dict[str, Any]:
        """At least one of the two."""
        said: dict[str, Any] = super().clean() or {}
        was = self.matter.case.category or self.matter.case.cause
        if not (said.get("category") or said.get("cause") or was or self.errors):
            self.add_error("category", _("Choose what it is about, or the root cause."))
        return said

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Always, closed cases too: the cause is often found later."""
        return None

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Sort it."""
        said = self.cleaned_data
        return actions.categorise(hand, by, now, category=said["category"], cause=said["cause"])


class PersonalData(CaseForm):
    """Whether the complaint is also about personal data."""

    slug, label, group = "personal-data", _("Say whether it is also about personal data"), Group.DECIDE
    intro = _(
        "Then it is acknowledged within 30 days of the contact that you choose, by a clock of its own beside the "
        "complaint’s, and answers name the Information Commissioner."
    )
    button, done = _("Save"), _("It stands on the case, with its clock.")

    concerned = forms.ChoiceField(
        label=_("Is it also about their personal data?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("no", _("No, not after all"))],
        error_messages=needed(_("Say whether it is.")),
    )  # fmt: skip
    contact = forms.ChoiceField(
        label=_("In which contact did they first complain of it?"), widget=forms.RadioSelect
    )
    why = Words(
        label=_("What about their data it is"), rows=3, error_messages=needed(_("Write it in a few words."))
    )

    def prepare(self, matter: Matter) -> None:
        """Everything that they said, the first of it chosen."""
        heard = [c for c in matter.case.contacts if c.inbound and not c.machine]
        field = self.fields["contact"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (c.id, f"{saying.moment(c.at)}, {c.channel}: {first_words(c.words or c.subject)}") for c in heard
        ]
        found = matter.case.personal_data
        field.initial = found.contact if found else heard[0].id if heard else None

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Only a complaint that is worked on."""
        no = Refusal(
            "This was found to be no complaint", "A-was-it-a-complaint", "Correct that decision first."
        )
        return may.act(matter.case) or (no if matter.case.complaint is False else None)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Keep it."""
        said = self.cleaned_data
        return actions.find_personal_data(
            hand, by, now, concerned=said["concerned"] == "yes", contact=said["contact"], why=said["why"]
        )


class SchemeLimits(CaseForm):
    """What of the complaint a scheme may not take."""

    slug, label, group = "scheme-limits", _("Say what of it a scheme may not take"), Group.DECIDE
    intro = _(
        "Its ADR letter leaves all the same and says so, and so does the portal. The scheme decides, not we: tick only what "
        "the complaint as a whole is about. How large a business is, stands with the customer."
    )
    button, done = _("Save"), _("It stands on the case, and the letter will say it.")

    grounds = forms.MultipleChoiceField(
        label=_("The complaint is about"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(str(ground), words[0].upper() + words[1:]) for ground, words in ABOUT.items()],
        help_text=_("Leave all empty where a scheme may take it after all."),
    )  # fmt: skip
    why = Words(
        label=_("Why"), rows=3, error_messages=needed(_("Write in a few words what it is about.")),
        help_text=_("For colleagues and the file; the customer does not read it."),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """What stands; a price request that became a complaint is about a price."""
        priced = [str(Ground.COMMERCIAL)] if matter.case.kind is CaseKind.PRICES else []
        stands = sorted(scheme_path.grounds(matter.case))
        self.fields["grounds"].initial = stands or priced

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Any complaint, a closed one too: the way to the scheme is open after it."""
        no = Refusal(
            "This was found to be no complaint", "A-was-it-a-complaint", "Correct that decision first."
        )
        return no if matter.case.complaint is False else None

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Keep it."""
        said = self.cleaned_data
        found = frozenset(Ground(each) for each in said["grounds"])
        return actions.find_scheme_limits(hand, by, now, found=found, why=said["why"])


class Refer(CaseForm):
    """The customer went to a scheme."""

    slug, label, group = "referred", _("The customer went to a scheme"), Group.DECIDE
    button, done = _("Write it down"), _("The referral stands on the case.")

    scheme = forms.ChoiceField(label=_("Which scheme"), error_messages=needed(_("Choose the scheme.")))
    day = forms.DateField(
        label=_("The day on which the scheme received it"), error_messages=needed(_("Give the day.")),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    number = forms.CharField(label=_("The scheme’s number of the dispute"), required=False, max_length=60)

    def prepare(self, matter: Matter) -> None:
        """The approved schemes."""
        field = self.fields["scheme"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(scheme.id, scheme.name) for scheme in matter.book.law.schemes]
        ours = membership_on(memberships_of(matter.case.provider), london_date(matter.now))
        if ours is not None:
            field.initial = ours.scheme
        told = matter.case.scheme_told
        if told is not None:
            # What the customer told us in the portal stands in the boxes, and a person says whether the scheme has it.
            day, number = self.fields["day"], self.fields["number"]
            field.initial, day.initial, number.initial = told.scheme, london_date(told.applied), told.number
            day.help_text = _(
                "The customer told us what stands here. Ask the scheme whether it is right; if it knows nothing of it, "
                "choose “The scheme does not have what the customer told us” instead."
            )

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Whatever state the case is in: the customer may go whenever the scheme takes them."""
        return None

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        said = self.cleaned_data
        left = [x.fate_at for x in hand.case.letters_of(ADR) if x.left and x.fate_at is not None]
        # A day stands for its noon; whoever went on the day of our letter went after it.
        same = (moment for moment in left if london_date(moment) == said["day"])
        at = max((day_as_moment(said["day"], now), *same))
        return actions.refer(hand, by, now, scheme=said["scheme"], at=at, number=said["number"])


def day_as_moment(day: date, now: datetime) -> datetime:
    """A day as a moment: its noon, or now where that is still to come."""
    middle = noon(day)
    return min(middle, now) if day == london_date(now) else middle
