"""A duty on a page: the action that settles it, what that is called there, and the address at which it is taken."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amends.core.duties import Action, Duty
from amends.desk.forms.case_form import CaseForm
from amends.desk.models import CaseRow

_LABELS: Final = {
    Action.POST: _("It was posted"), Action.LOOK_AT_LETTER: _("Say what became of it"),
    Action.HAND_OVER: _("Hand it over, on the money list"),
    Action.MAKE_BUNDLE: _("Bring it together"),
    Action.MAKE_FILE: _("Make the case file"), Action.SEND_FILE: _("Say when it went"),
}  # fmt: skip
"""What the form of an action is called beside a duty, where its own name says less."""

_ABOUT_LETTERS: Final = (Action.POST, Action.LOOK_AT_LETTER)


def settling(row: CaseRow, duty: Duty, deed: type[CaseForm] | None) -> str:
    """The address of the form that settles a duty, begun with what is known; empty where no form does."""
    if deed is None:
        return ""
    if duty.action is Action.HAND_OVER:
        return reverse("money", args=[row.provider_id])
    if duty.action is Action.MAKE_FILE:
        return reverse("case-file", args=[row.provider_id, row.reference])
    if duty.action is Action.MAKE_BUNDLE:
        return reverse("bundle", args=[row.provider_id, row.reference])
    about = duty.id.partition(":")[2]
    if duty.action is Action.CALL and duty.id.startswith("keep:"):
        # The call itself is written down on its own screen, and settles the time.
        start = urlencode({"about": row.reference, "appointment": about})
        return f"{reverse('new-contact', args=[row.provider_id])}?{start}"
    address = reverse("deed", args=[row.provider_id, row.reference, deed.slug])
    begun = {
        Action.DECIDE_COMPLAINT: {"contact": about},
        Action.UPDATE: {"purpose": "update"},
        Action.CALL: {"purpose": "call back"},
        Action.POST: {"key": about, "fate": "posted"},
        Action.LOOK_AT_LETTER: {"key": about},
        Action.SETTLE_TIME: {"appointment": about},
        Action.SEND_FORMAT: {"order": about},
        Action.APPROVE: {"approval": about},
        Action.CHASE: {"what": about},
        Action.AWARD: {"award": about},
    }.get(duty.action)
    return f"{address}?{urlencode(begun, safe='/')}" if begun else address


def deed_label(duty: Duty, deed: type[CaseForm]) -> object:
    """What the action is called beside a duty."""
    if duty.action is Action.CALL and duty.id.startswith("keep:"):
        return _("Start the call")
    return _LABELS.get(duty.action, deed.label)


def letter_key(duty: Duty) -> str:
    """The key of the letter that a duty is about; empty where it is about none that was decided."""
    return duty.id.partition(":")[2] if duty.action in _ABOUT_LETTERS else ""
