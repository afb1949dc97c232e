"""The box for files of a case that go with a letter: chosen from those that are there, so that a preview loses none."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.desk import enclosed
from amends.desk.forms.case_form import CaseForm, Matter
from amends.desk.models import CaseRow

SHOWN: Final = 30
"""Files of one case that can be chosen from, the newest."""
BOX: Final = "papers"


class Papers(forms.TypedMultipleChoiceField):
    """Files of the case, by their ids."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("label", _("Files of this case that go with it"))
        more.setdefault(
            "help_text",
            _(
                "Attached to an email; in the post put them in the envelope. A file that is not here yet: keep it with a "
                "note first. In another format they do not come: say in your words what matters in them."
            ),
        )
        super().__init__(required=False, coerce=int, widget=forms.CheckboxSelectMultiple, **more)


def offer_papers(form: CaseForm, matter: Matter) -> None:
    """Let the box offer the files of this case; where it has none, there is no box."""
    case = matter.case
    row = CaseRow.objects.filter(provider=case.provider, reference=case.reference).first()
    found = list(enclosed.offered(row)[:SHOWN]) if row is not None else []
    if not found:
        del form.fields[BOX]
        return
    box = form.fields[BOX]
    assert isinstance(box, Papers)
    box.choices = [(file.pk, f"{file.name} ({_size(file.size)})") for file in found]  # type: ignore[attr-defined]  # annotated


def _size(number: int) -> str:
    """Bytes as people say them."""
    return f"{number / 1_000_000:.1f} MB" if number >= 100_000 else f"{max(number // 1000, 1)} kB"
