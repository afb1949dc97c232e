"""The form of a new key: which system has it, and which door it opens."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.desk.forms.fields import House, needed
from amends.desk.models import Door


class NewKey(House):
    """A key for one system and one door."""

    name = forms.CharField(
        label=_("Which system has it"), max_length=60, error_messages=needed(_("Name the system.")),
        help_text=_("What it writes stands under this name."),
    )  # fmt: skip
    opens = forms.ChoiceField(
        label=_("What it opens"), choices=Door.choices, widget=forms.RadioSelect,
        error_messages=needed(_("Choose what it opens.")),
    )  # fmt: skip
