"""A request about one's personal data in the portal: small and plain, one form for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core.care import data
from amends.core.kinds import CaseKind
from amends.desk.forms.fields import House, Words, needed
from amends.desk.forms.portal import WAY_NEEDS, Complain

_WHO: Final = ("name", "prefers", "email", "address", "account")
_NOT_BY_PHONE: Final = (("email", _("By email")), ("letter", _("By letter in the post")))


class AskData(House):
    """Who asks, and how we answer them: what every such request needs."""

    particulars: ClassVar[Mapping[str, str]]
    """The boxes of this kind alone, each with the particular of the case that it fills."""
    which = forms.CharField(widget=forms.HiddenInput, required=False)
    """Which form it is, signed: sent twice by the browser that asked for it, it is one request."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial or {})
        for name in _WHO:
            self.fields[name] = Complain.base_fields[name].__deepcopy__({})
        way = self.fields["prefers"]
        assert isinstance(way, forms.ChoiceField)
        way.choices = _NOT_BY_PHONE

    def clean(self) -> dict[str, Any]:
        """The way that was chosen needs its address."""
        said: dict[str, Any] = super().clean() or {}
        box, words = WAY_NEEDS.get(said.get("prefers", ""), ("", ""))
        if box and not said.get(box, "").strip() and box not in self.errors:
            self.add_error(box, ValidationError(words))
        return said

    @property
    def given(self) -> dict[str, str]:
        """What was said of what the kind asks for, by the names of its particulars."""
        return {name: str(self.cleaned_data[box]) for box, name in self.particulars.items()}

    @property
    def asks(self) -> list[forms.BoundField]:
        """The boxes that are of this kind alone."""
        return [box for box in self if box.name in self.particulars]


class AskAccess(AskData):
    """A copy of what is held."""

    particulars: ClassVar = {"about": "data", "asks_for": "asks", "sent": data.SENT}

    about = Words(
        label=_("Which information do you want?"), rows=4, required=False,
        help_text=_("Leave it empty for everything that we hold about you."),
    )  # fmt: skip
    sent = forms.ChoiceField(
        label=_("How shall we hand it to you?"), widget=forms.RadioSelect, initial=data.PORTAL,
        choices=[(data.PORTAL, _("On this website, once we know that it is you")), (data.POST, _("In the post"))],
        error_messages=needed(_("Choose how we shall hand it to you.")),
    )  # fmt: skip
    asks_for = forms.ChoiceField(
        label=_("Is it about you?"), widget=forms.RadioSelect, initial="for themselves",
        choices=[
            ("for themselves", _("Yes, about me")),
            ("for somebody who asked them to", _("No, about somebody who asked me to")),
        ],
        error_messages=needed(_("Tell us whether it is about you.")),
    )  # fmt: skip


class AskCorrection(AskData):
    """Something that is held is wrong."""

    particulars: ClassVar = {"wrong": "wrong", "right": "right"}

    wrong = Words(
        label=_("What do we have wrong?"), rows=4, error_messages=needed(_("Tell us what is wrong."))
    )
    right = Words(label=_("What is right?"), rows=4, error_messages=needed(_("Tell us what is right.")))


class AskObjection(AskData):
    """A use of it shall end."""

    particulars: ClassVar = {"objects": data.OBJECTS, "use": "use"}

    objects = forms.ChoiceField(
        label=_("What shall we stop?"), widget=forms.RadioSelect, error_messages=needed(_("Choose what we shall stop.")),
        choices=[(data.MARKETING, _("Advertising to me")), ("another use of their data", _("Something else"))],
    )  # fmt: skip
    use = Words(
        label=_("What is it, and why?"), rows=4, required=False,
        help_text=_("For advertising you can leave this empty: you need not give a reason."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Only advertising needs no words."""
        said = super().clean()
        if said.get("objects") not in (None, data.MARKETING) and not said.get("use", "").strip():
            self.add_error("use", ValidationError(_("Tell us what we shall stop, and why.")))
        return said


class AskErasure(AskData):
    """It shall be erased."""

    particulars: ClassVar = {"erase": "to erase"}

    erase = Words(
        label=_("What shall we erase?"), rows=4, error_messages=needed(_("Tell us what we shall erase.")),
        help_text=_("Everything, or what you name. Some things the law makes us keep for a time: we tell you which."),
    )  # fmt: skip


FORMS: Final[dict[CaseKind, type[AskData]]] = {
    CaseKind.DATA_ACCESS: AskAccess,
    CaseKind.DATA_CORRECTION: AskCorrection,
    CaseKind.DATA_OBJECTION: AskObjection,
    CaseKind.DATA_ERASURE: AskErasure,
}
SAID: Final = {
    CaseKind.DATA_ACCESS: (
        _("Get a copy of what we hold about you"), _("Your cases with us, our letters, notes and what we know of you."),
    ),
    CaseKind.DATA_CORRECTION: (_("Have something put right"), _("Such as a wrong name, address or note about you.")),
    CaseKind.DATA_OBJECTION: (_("Object to how we use it"), _("Advertising stops at once. Anything else we look at.")),
    CaseKind.DATA_ERASURE: (_("Have it erased"), _("What we need not keep goes. We tell you what we keep, and why.")),
}  # fmt: skip
"""What each kind of request is called in the portal, and a sentence about it."""
