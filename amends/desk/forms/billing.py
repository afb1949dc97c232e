"""Forms of the money list: billing's file, and since when the provider has signed the code of automatic compensation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.desk import billing
from amends.desk.forms.fields import House, needed


class BillingFile(House):
    """What billing says of the sums that it was handed."""

    file = forms.FileField(
        label=_("Billing’s file"), error_messages=needed(_("Choose the file.")), allow_empty_file=False,
        help_text=_("A CSV file with the columns Number, Result (applied, failed or reversed) and Bill."),
    )  # fmt: skip

    def clean_file(self) -> tuple[billing.Answer, ...]:
        """Its lines; a file with a line that cannot be read is refused as a whole, so that nothing is half done."""
        answers, wrong = billing.read_answers(self.cleaned_data["file"].read(billing.LARGEST_FILE + 1))
        if wrong:
            raise forms.ValidationError([_at(each) for each in wrong[:20]])
        if not answers:
            raise forms.ValidationError(_("The file says nothing about any number."))
        return answers


def _at(wrong: billing.Wrong) -> str:
    return f"Line {wrong.line}: {wrong.what}" if wrong.line else wrong.what


class SignedSince(House):
    """From when, and until when, the provider's signature holds."""

    since = forms.DateField(
        label=_("Signed from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=needed(_("Give the day of joining.")),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Until and with"), required=False, help_text=_("Leave it empty while it holds."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        said = super().clean() or self.cleaned_data
        if said.get("since") and said.get("until") and said["until"] < said["since"]:
            self.add_error("until", _("The last day is before the first."))
        return said
