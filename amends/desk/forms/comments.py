"""Forms about comments on the code: a reader's, and what a person decides about one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.desk.comments import Said
from amends.desk.forms.fields import House, Words, needed


class Comment(House):
    """What a reader would change."""

    words = Words(
        label=_("What would you change, correct or add?"), rows=6, max_length=10_000,
        error_messages=needed(_("Write your comment.")),
    )  # fmt: skip
    clause = forms.ChoiceField(
        label=_("Which part is it about?"),
        required=False,
        help_text=_("The letters are those beside each paragraph."),
    )
    name = forms.CharField(
        label=_("Your name"), required=False, max_length=200, help_text=_("You can leave this empty."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Your email address"), required=False, max_length=320,
        help_text=_("Only if we may ask you about it. We send you nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, clauses: Sequence[tuple[str, str]], clause: str = "") -> None:
        super().__init__(data, initial={"clause": clause})
        field = self.fields["clause"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("The code as a whole")), *clauses]

    @property
    def said(self) -> Said:
        """The comment."""
        typed = self.cleaned_data
        return Said(typed["words"], typed["clause"], typed["name"], typed["email"])


class Consider(House):
    """What was decided about a comment."""

    decision = Words(
        label=_("What was decided"), rows=4, max_length=10_000,
        help_text=_("What changes in the next version of the code, or why nothing does."),
        error_messages=needed(_("Write what was decided.")),
    )  # fmt: skip


class Erase(House):
    """Why a comment is erased."""

    why = forms.CharField(
        label=_("Why its words are erased"), max_length=300,
        help_text=_("Such as: the writer asked for it on the phone. The decision about it stays."),
        error_messages=needed(_("Write why.")),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="erase")
