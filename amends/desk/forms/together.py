"""Forms about two cases: link them, part them, let one go on as the other, undo that."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core.calendar import london_date
from amends.core.may import Refusal
from amends.core.saying import day
from amends.desk import merging
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.fields import Words, needed
from amends.desk.reference import normal

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket

HERE, THERE = "here", "there"


class WithAnother(CaseForm):
    """What two cases have in common: the other one is chosen, and both are locked while it is done."""

    group = Group.TOGETHER

    def beside(self) -> str:
        """The reference of the other case, as it was chosen or typed."""
        return str(self.cleaned_data["other"])

    def the_other(self, docket: Docket, hand: CaseInHand) -> CaseInHand:
        """The other case, in hand."""
        others = (h for h in docket.cases.values() if h is not hand)
        # Whoever names the case itself is told so by the action.
        return next(others, hand)


class Chosen(WithAnother):
    """Another case, among those that may be about the same matter or by its reference."""

    suggests: ClassVar = True

    other = forms.ChoiceField(
        label=_("Which other case"), widget=forms.RadioSelect, required=False,
        help_text=_("Those that may be about the same matter, with what speaks for it."),
    )  # fmt: skip
    reference = forms.CharField(label=_("Its reference, if it is another"), required=False, max_length=32)

    def prepare(self, matter: Matter) -> None:
        """The cases that are near, the likeliest first."""
        field = self.fields["other"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(near.row.reference, _said(near)) for near in matter.near]
        start = self.initial.get("other", "")
        if start and start not in {near.row.reference for near in matter.near}:
            self.initial["reference"] = self.initial.get("reference") or start
        if not matter.near:
            del self.fields["other"]

    def clean(self) -> dict[str, Any]:
        """The reference that was typed stands before the one that was chosen."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        typed = said.get("reference", "").strip()
        wanted = (normal(typed) or typed.upper()) if typed else said.get("other", "")
        if not wanted:
            self.add_error("reference", _("Choose a case, or give its reference."))
        said["other"] = wanted
        return said


def _said(near: merging.Near) -> str:
    row = near.row
    came = f", {day(london_date(row.first_received))}" if row.first_received else ""
    return (
        f"{row.reference}, {row.customer_name or '?'}{came}, {row.state}: {row.subject or '-'} ({near.why})"
    )


class LinkCase(Chosen):
    """Another case is about the same matter."""

    slug, label = "link", _("Link another case")
    intro = _(
        "Both cases name each other from then on. Nothing else changes: each keeps its own dates and duties."
    )
    button, done = _("Link them"), _("Both cases name each other now.")

    why = forms.CharField(label=_("What they have in common"), required=False, max_length=300)

    field_order = ("other", "reference", "why")

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Always, closed cases too."""
        return None

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Link them."""
        return merging.link(hand, self.the_other(docket, hand), by, now, why=self.cleaned_data["why"])


class UnlinkCase(WithAnother):
    """The two are not about the same matter."""

    slug, label = "unlink", _("Take a link to another case away")
    button, done = _("Take the link away"), _("The cases name each other no longer.")

    other = forms.ChoiceField(
        label=_("Which case"), widget=forms.RadioSelect, error_messages=needed(_("Choose the case."))
    )

    def prepare(self, matter: Matter) -> None:
        """The cases that are linked."""
        field = self.fields["other"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(x.reference, f"{x.reference} {x.why}".strip()) for x in matter.case.links]

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a link."""
        if matter.case.links:
            return None
        return Refusal("No other case is linked", "A-evidence", "Nothing needs to be done.")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Part them."""
        return merging.unlink(hand, self.the_other(docket, hand), by, now)


class MergeCase(Chosen):
    """One of two cases goes on as the other."""

    slug, label = "merge", _("Merge with another case")
    intro = _(
        "Two cases of one customer about one complaint become one. The earlier receipt and the earliest date of the law "
        "are kept, and what was broken stays counted; "
        "the old reference, replies and the customer’s access lead to the case that goes on. It can be undone."
    )
    button, done = _("Merge them"), _("The two cases are one now.")

    goes_on = forms.ChoiceField(
        label=_("Which of the two goes on"), widget=forms.RadioSelect, initial=HERE,
        choices=[(HERE, _("This case; the other ends")), (THERE, _("The other case; this one ends"))],
        error_messages=needed(_("Say which of the two goes on.")),
    )  # fmt: skip
    why = Words(
        label=_("Why they are one complaint"), rows=3, required=False,
        help_text=_("Needed where nothing shows that both are of one customer. The customer does not see it."),
    )  # fmt: skip

    field_order = ("other", "reference", "goes_on", "why")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Merge them."""
        other, said = self.the_other(docket, hand), self.cleaned_data
        survivor, ends = (hand, other) if said["goes_on"] == HERE else (other, hand)
        return merging.merge(docket, survivor, ends, by, now, why=said["why"])


class UndoMerge(WithAnother):
    """A merge was a mistake."""

    slug, label = "undo-merge", _("Undo a merge")
    intro = _(
        "Both cases stand alone again, each with its own dates and duties. What was written meanwhile stays where it is."
    )
    button, done = _("Undo the merge"), _("The cases stand alone again.")

    other = forms.ChoiceField(
        label=_("Which case stands alone again"),
        widget=forms.RadioSelect,
        error_messages=needed(_("Choose the case.")),
    )
    why = Words(label=_("Why they are two complaints"), rows=3, error_messages=needed(_("Write why.")))

    def prepare(self, matter: Matter) -> None:
        """The cases that go on here, the last first."""
        field = self.fields["other"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(m.reference, m.reference) for m in reversed(matter.case.merged)]
        if len(field.choices) == 1:
            field.initial = matter.case.merged[0].reference

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a merge to undo."""
        if matter.case.merged:
            return None
        return Refusal("No other case was merged into this one", "A-evidence", "Nothing needs to be undone.")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Undo it."""
        return merging.undo(hand, self.the_other(docket, hand), by, now, why=self.cleaned_data["why"])
