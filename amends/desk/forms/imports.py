"""Forms for bringing in a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.desk.forms.fields import House, needed
from amends.desk.uploads import LARGEST, TooLarge


class ImportFile(House):
    """The file to look at."""

    file = forms.FileField(
        label=_("CSV file"), error_messages={**needed(_("Choose a file.")), "empty": _("That file is empty.")},
        help_text=_("As your own system gives it; up to 10 MB here. Larger files: “amends import customers”."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        """No larger than a page can wait for."""
        file = self.cleaned_data["file"]
        if isinstance(file, TooLarge) or file.size > LARGEST:
            raise ValidationError(_("That is more than 10 MB: bring it in with “amends import customers”."))
        return file
