"""The form of a letterhead: logo, return address, signature, and from when it is printed."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from amends.core.letters.blocks import clean, one_line
from amends.desk.forms.fields import House, needed
from amends.desk.forms.posting import day_box
from amends.desk.logo import PNG_BYTES, Logo, judged
from amends.desk.models import LetterheadVersion

MOST_LINES: Final = 6
LONGEST_LINE: Final = 45


class LetterheadForm(House):
    """A letterhead from a day on."""

    logo = forms.FileField(
        label=_("Logo"), required=False, max_length=200, widget=forms.FileInput(attrs={"accept": "image/png,image/svg+xml"}),
        help_text=_("A PNG up to 150 kB or a plain SVG up to 60 kB. It is printed up to 8 cm wide and 1.8 cm high."),
    )  # fmt: skip
    no_logo = forms.BooleanField(label=_("Print no logo, but the name"), required=False)
    address = forms.CharField(
        label=_("Return address"), required=False, max_length=400,
        widget=forms.Textarea(attrs={"rows": 5, "class": "short"}),
        help_text=_(
            "At the head of the letter, and in small print in the window, so that the post can bring a letter back. "
            "Without one, the address of the code stands at the head."
        ),
    )  # fmt: skip
    signature = forms.CharField(
        label=_("Signature"), required=False, max_length=100,
        help_text=_("A name, with a role if you like. It signs letters of cases that nobody holds yet."),
    )  # fmt: skip
    since = day_box(
        label=_("In use from"), error_messages=needed(_("Give the day from which letters bear it."))
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, last: LetterheadVersion | None, today: date
    ) -> None:
        start = {"address": last.address, "signature": last.signature} if last else {}
        super().__init__(data, files, initial={**start, "since": today})
        self.last, self.today = last, today

    def clean_logo(self) -> Logo | None:
        """A logo that may be printed."""
        file: UploadedFile[bytes] | None = self.cleaned_data["logo"]
        if file is None:
            return None
        if file.size is None or file.size > PNG_BYTES:
            raise ValidationError(_("The logo is larger than 150 kB. Make it smaller."))
        file.seek(0)
        found = judged(bytes(file.read()))
        if isinstance(found, str):
            raise ValidationError(found)
        return found

    def clean_address(self) -> str:
        """Lines that fit the head of a letter."""
        lines = [one_line(line) for line in clean(self.cleaned_data["address"]).split("\n") if one_line(line)]
        if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
            raise ValidationError(_("Up to six lines of 45 characters fit. Shorten it."))
        return "\n".join(lines)

    def clean_signature(self) -> str:
        """One line."""
        return one_line(self.cleaned_data["signature"])

    def clean_since(self) -> date:
        """Today or later."""
        since: date = self.cleaned_data["since"]
        if since < self.today:
            raise ValidationError(
                _("That day is past: letters of that day look as they look. Give today or a later day.")
            )
        return since

    @property
    def chosen_logo(self) -> Logo:
        """The new logo, none, or the one that is in use."""
        said = self.cleaned_data
        if said.get("logo"):
            found: Logo = said["logo"]
            return found
        if said.get("no_logo") or self.last is None:
            return Logo(b"", "")
        return Logo(bytes(self.last.logo), self.last.logo_type)
