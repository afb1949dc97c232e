"""An office to visit: a provider with its people and some cases, at a fixed time of the manual clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from pytest_django import Settings

from amends.desk import actions
from amends.desk.models import CaseRow, Mail, Provider, RoleName
from amends.desk.now import set_now
from amends.desk.opened import read
from amends.desk.people import person_id
from amends.desk.record import docket
from tests.desk.made import MONDAY, case, person, provider
from tests.desk.visitor import Page, Visitor

NOON = MONDAY.replace(hour=12)


class Office:
    """A provider, one person in each role, and Ann's case of this morning."""

    def __init__(self, name: str = "example") -> None:
        self.provider: Provider = provider(name, scheme="communications-ombudsman", mail=Mail.FOLDER)
        self.people: dict[str, User] = {str(role): person(self.provider, role) for role in RoleName}
        self.row: CaseRow = case(self.provider)

    @property
    def slug(self) -> str:
        """The provider's name in addresses."""
        return str(self.provider.pk)

    def visitor(self, role: str = "handler") -> Visitor:
        """Somebody of this role, signed in."""
        return Visitor().signed_in(self.people[role])

    def at(self, path: str = "") -> str:
        """An address of the console."""
        return f"/desk/{self.slug}/{path}"

    def case_at(self, slug: str = "") -> str:
        """The address of Ann's case, or of an action on it."""
        return self.at(f"cases/{self.row.reference}{f'/{slug}' if slug else ''}")

    def portal(self, path: str = "") -> str:
        """An address of the portal."""
        return f"/portal/{self.slug}/{path}"

    def do(self, slug: str, button: str, role: str = "handler", **filled: Any) -> Page:
        """The page after somebody of this role has filled in an action on Ann's case."""
        visitor = self.visitor(role)
        return visitor.press(visitor.get(self.case_at(slug)), button, **filled)

    def give_to(self, role: str) -> None:
        """Ann's case is held by the person of this role."""
        who = self.people[role]
        handler = actions.Actor(person_id(who), who.first_name, role, "01632 960001", "h@larkfield.example")
        with docket(self.row.pk, now=NOON) as d:
            assert actions.assign(d.cases[self.row.pk], handler, NOON, handler=handler) is None

    def proposed(self) -> str:
        """An outcome has been put to Ann; its id."""
        by = actions.Actor("7", "Hana", "handler")
        with docket(self.row.pk, now=NOON) as d:
            assert (
                actions.propose(
                    d, d.cases[self.row.pk], by, NOON, words="We refund the month.", credit_pence=2899
                )
                is None
            )
            outcome = d.cases[self.row.pk].case.open_outcome
            assert outcome is not None
            return outcome.id

    def fresh(self) -> CaseRow:
        """Ann's case as it stands now."""
        return CaseRow.objects.get(pk=self.row.pk)

    def case(self) -> Any:
        """Ann's case folded from its facts."""
        return read(self.fresh()).case


def clock(settings: Settings, at: datetime = NOON) -> None:
    """The desk's clock stands at this time."""
    settings.MANUAL_CLOCK = True
    set_now(at.isoformat())
