"""Forms in which files are written at the desk: the whole text, or boxes for what changes most."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core.rewriting import About, CannotRewrite, Value, rewrite, values
from amends.core.source import LARGEST
from amends.desk.forms.fields import House, Words, needed

_ABOUTS: Final = {
    About.HEAD: _("Version"), About.HOURS: _("Opening hours"), About.CONTACTS: _("Contacts"), About.STAGES: _("Stages"),
    About.PERIODS: _("Periods"), About.FORMATS: _("Other formats"),
}  # fmt: skip
_HINTS: Final = {
    "in force from": _("The day of the first complaints that it governs, such as 1 December 2026."),
    "version": _("A new name, by which letters and pages call it."),
}


class FileText(House):
    """The text of a file, as it will stand."""

    text = forms.CharField(
        label=_("The file"), max_length=LARGEST, strip=False, error_messages=needed(_("The file is empty.")),
        widget=forms.Textarea(
            attrs={"rows": 28, "class": "code-text", "spellcheck": "false", "wrap": "off", "autocapitalize": "none"}
        ),
        help_text=_("“Check it” tells what is wrong with which line. Nothing is kept before it is put in force."),
    )  # fmt: skip


class Adopting(FileText):
    """The text with the reason why it is taken although a rule of the day speaks against it."""

    why = Words(
        label=_("Why it is taken as it is"), required=False, rows=3, max_length=1000,
        help_text=_("Something above is against a rule of its day: the law overlays it. Your reason stands in the audit."),
    )  # fmt: skip


class Boxes(House):
    """A box for each value that is changed most; the rest of the file stays as it is written."""

    def __init__(self, data: Any = None, *, text: str) -> None:
        super().__init__(data)
        self.file, self.values = text, values(text)
        for place, value in enumerate(self.values):
            self.fields[f"box-{place}"] = self._box(value)

    @staticmethod
    def _box(value: Value) -> forms.Field:
        label = value.path if value.about is About.HEAD else value.path.partition(" / ")[2] or value.path
        widget = forms.Textarea(attrs={"rows": 5, "class": "short"}) if value.is_list else forms.TextInput()
        hint = _("One a line.") if value.is_list else _HINTS.get(value.path, "")
        return forms.CharField(
            label=label.replace(" / ", ", "), initial=value.text, max_length=4000, widget=widget, help_text=hint,
            error_messages=needed(_("To take something away, delete its lines in the text.")),
        )  # fmt: skip

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The boxes by what they are about."""
        return [
            (title, [self[f"box-{n}"] for n, v in enumerate(self.values) if v.about is about])
            for about, title in _ABOUTS.items()
            if any(v.about is about for v in self.values)
        ]

    def clean(self) -> dict[str, Any]:
        """Write every box into the file; what cannot be written is said at its box."""
        said = super().clean() or self.cleaned_data
        for place, value in enumerate(self.values):
            name = f"box-{place}"
            if name not in said:
                continue
            try:
                self.file = rewrite(self.file, {value.path: said[name]})
            except CannotRewrite:
                self.add_error(name, _("These words cannot be written here. Change them in the text."))
        return said
