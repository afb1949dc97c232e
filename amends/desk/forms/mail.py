"""Forms for mail that waits, letters to post, and the switch of outgoing mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.desk.address import Address
from amends.desk.forms.fields import House, Moment, needed
from amends.desk.models import Mail

JOIN, OPEN, ASIDE = "join", "open", "aside"


class Placed(House):
    """Where a message that waits belongs."""

    what = forms.ChoiceField(
        label=_("Where does it belong?"), widget=forms.RadioSelect, error_messages=needed(_("Say where it belongs.")),
        choices=[
            (JOIN, _("To a case that is there")),
            (OPEN, _("It is something new: open a case")),
            (ASIDE, _("Nothing is owed for it: set it aside")),
        ],
    )  # fmt: skip
    case = forms.ChoiceField(label=_("Which case"), required=False, widget=forms.RadioSelect)
    reference = forms.CharField(
        label=_("Or its reference"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "short-box"}),
    )
    received = Moment(
        label=_("Did it reach a colleague earlier?"), required=False,
        help_text=_("A message that a colleague forwarded counts from when it first reached us."),
    )  # fmt: skip
    wrote_name = forms.CharField(label=_("Who wrote it first"), required=False, max_length=200)
    wrote_email = forms.EmailField(
        label=_("Their email address"), required=False, max_length=320,
        help_text=_("As the forwarded message says: look whether it is right. The case that is opened is theirs."),
    )  # fmt: skip
    why = forms.CharField(label=_("Why nothing is owed"), required=False, max_length=300)

    def __init__(
        self,
        data: Any = None,
        *,
        suggested: list[tuple[str, str]],
        wrote: Address | None = None,
        forwarded: bool = False,
    ) -> None:
        """`forwarded`: a colleague sent it on; `wrote` is who wrote it first, where that can be read."""
        start = {"wrote_name": wrote.name, "wrote_email": wrote.email} if wrote else {}
        super().__init__(data, initial=start)
        if not forwarded:
            del self.fields["wrote_name"], self.fields["wrote_email"]
        field = self.fields["case"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = suggested
        if not suggested:
            del self.fields["case"]

    def clean(self) -> dict[str, Any]:
        """A case to join, or a reason."""
        said: dict[str, Any] = super().clean() or {}
        what = said.get("what")
        if what == JOIN and not said.get("case") and not said.get("reference", "").strip():
            self.add_error("reference", ValidationError(_("Choose a case, or give its reference.")))
        if what == ASIDE and not said.get("why", "").strip():
            self.add_error("why", ValidationError(_("Write why nothing is owed.")))
        return said

    @property
    def writer(self) -> Address | None:
        """Who wrote a forwarded message first, as the person has it; None where nobody is named."""
        email = self.cleaned_data.get("wrote_email", "")
        return Address(self.cleaned_data.get("wrote_name", "").strip(), email) if email else None


class Switch(House):
    """What becomes of a provider's outgoing mail."""

    mail = forms.ChoiceField(
        label=_("What becomes of outgoing mail?"), widget=forms.RadioSelect, error_messages=needed(_("Choose one.")),
        choices=[
            (str(Mail.OFF), _("Off: letters are decided and held, and nothing leaves")),
            (str(Mail.FOLDER), _("Into a folder of this desk: for trying things out")),
            (str(Mail.LIVE), _("Live: letters leave by email, and for the post")),
        ],
    )  # fmt: skip


HOLD = "hold"


class Release(House):
    """What becomes of letters that are held, kind by kind."""

    why = forms.CharField(
        label=_("Why the dropped ones need not be sent"), required=False, max_length=300,
        help_text=_("Only where a kind is dropped. It stands on every case concerned."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, kinds: list[tuple[str, str, bool]]) -> None:
        """`kinds` gives each kind of letter with its words and whether it may be dropped together."""
        super().__init__(data)
        why = self.fields.pop("why")
        for name, words, droppable in kinds:
            answers = [(HOLD, _("Hold them for now")), ("send", _("Send them"))]
            answers += [("drop", _("Drop them"))] if droppable else []
            self.fields[f"kind {name}"] = forms.ChoiceField(
                label=words, required=False, widget=forms.RadioSelect, initial=HOLD, choices=answers
            )
        self.fields["why"] = why

    @property
    def answers(self) -> dict[str, str]:
        """The answer for each kind that got one."""
        said = self.cleaned_data
        return {
            name.removeprefix("kind "): said[name]
            for name in said
            if name.startswith("kind ") and said[name] not in ("", HOLD)
        }
