"""Who else is on a case at this moment, in the words of the desk."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from amends.desk import presence
from amends.desk.forms.deeds import BY_SLUG
from amends.desk.models import CaseRow
from amends.desk.presence import Other
from amends.desk.views.here import Here


@dataclass(frozen=True, slots=True)
class Company:
    """Somebody else on the case, in words."""

    name: str
    doing: str | Promise


def company(here: Here, row: CaseRow, doing: str = "") -> list[Company]:
    """Who else is on a case now. That this person is there too is noted for the others."""
    if here.works:
        presence.note(here.person, row, doing, here.now)
    return [_said(other) for other in presence.others(here.person, row, here.now)]


def _said(other: Other) -> Company:
    deed = BY_SLUG.get(other.doing)
    return Company(other.name, deed.label if deed else "")
