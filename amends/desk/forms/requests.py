"""Forms about what waits for a decision: decide about a request with a reason, or take one's own back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core.case import Approval
from amends.core.may import Refusal
from amends.desk import approvals
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.deciding import MANAGERS
from amends.desk.forms.fields import Words, needed
from amends.desk.powers import ESCALATION
from amends.desk.story import ASKED_SAID

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket


def _offer(form: CaseForm, found: list[Approval]) -> None:
    field = form.fields["approval"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(a.id, ASKED_SAID[a.deed].capitalize()) for a in found]
    if len(found) == 1:
        field.initial = found[0].id


def _open(matter: Matter, *, agree: bool) -> tuple[list[Approval], Refusal | None]:
    """The requests about which this person may decide so, and why none where there is none."""
    waits = [a for a in matter.case.approvals if a.waits]
    refusals = [approvals.may_answer(a, matter.by, agree=agree, filled=matter.filled) for a in waits]
    found = [a for a, refusal in zip(waits, refusals, strict=True) if refusal is None]
    if found:
        return found, None
    return [], next(iter(refusals), None) or approvals.may_answer(
        None, matter.by, agree=agree, filled=matter.filled
    )


class DecideRequest(CaseForm):
    """A yes or a no to something that waits."""

    slug, label, group = "decide-request", _("Decide about a request"), Group.DECIDE
    writes = True
    roles = MANAGERS
    intro = _(
        "Agreed to, it is done at once, with every letter that goes with it. "
        "A refusal needs its reason: whoever asked reads it."
    )
    button, done = _("Save the decision"), _("It is decided; whoever asked sees your answer.")

    approval = forms.ChoiceField(
        label=_("Which request"), widget=forms.RadioSelect, error_messages=needed(_("Choose the request."))
    )
    agree = forms.ChoiceField(
        label=_("Do you agree?"), widget=forms.RadioSelect, error_messages=needed(_("Say whether you agree.")),
        choices=[("yes", _("Yes: do it, or take the case")), ("no", _("No"))],
    )  # fmt: skip
    why = Words(label=_("The reason"), rows=3, required=False, help_text=_("Needed for a no."))

    def prepare(self, matter: Matter) -> None:
        """The requests that wait for this person."""
        _offer(self, _open(matter, agree=True)[0])

    def clean(self) -> dict[str, Any]:
        """A no needs its reason."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("agree") == "no" and not said.get("why", "").strip():
            self.add_error("why", ValidationError(_("Write why not: whoever asked reads it.")))
        return said

    @classmethod
    def lets_in(cls, matter: Matter) -> bool:
        """Whoever fills the role that a case was escalated to takes it."""
        return any(a.waits and approvals.is_for(a, matter.by, matter.filled) for a in matter.case.approvals)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """One must wait, and not for somebody else."""
        return _open(matter, agree=True)[1]

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Decide."""
        said = self.cleaned_data
        return approvals.answer(
            docket, hand, by, now, approval=said["approval"], agree=said["agree"] == "yes", why=said["why"]
        )


class TakeBack(CaseForm):
    """A request of one's own is taken back before anybody decides."""

    slug, label, group = "take-back", _("Take a request of yours back"), Group.DECIDE
    button, done = _("Take it back"), _("The request is taken back. Nothing of it was done.")

    approval = forms.ChoiceField(
        label=_("Which request"), widget=forms.RadioSelect, error_messages=needed(_("Choose the request."))
    )
    why = forms.CharField(label=_("Why"), required=False, max_length=300)

    def prepare(self, matter: Matter) -> None:
        """One's own that wait."""
        _offer(self, self._mine(matter))

    @staticmethod
    def _mine(matter: Matter) -> list[Approval]:
        return [a for a in matter.case.approvals if a.waits and a.by == matter.by.id and a.deed != ESCALATION]

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """One of one's own must wait."""
        if cls._mine(matter):
            return None
        return Refusal("No request of yours waits here", "A-evidence", "There is nothing to take back.")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Take it back."""
        said = self.cleaned_data
        return approvals.answer(
            docket, hand, by, now, approval=said["approval"], agree=False, why=said["why"]
        )
