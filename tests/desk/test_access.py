"""Promises of access: Alice, Bob and Charlie, and a customer of another case, see what is theirs and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet
from django.http import Http404

from amends.desk import access
from amends.desk.access import Locked, NotYours
from amends.desk.houses import access_code
from amends.desk.models import (
    AccessLink,
    Alarm,
    CaseRow,
    Document,
    KeptMessage,
    Outgoing,
    Provider,
    RoleName,
    Upload,
)
from tests.desk.made import MONDAY, case, person, provider

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOME = "192.0.2.1/32"
opened = partial(access.case_for_customer, network=HOME)
"""The case that a customer opens from home."""


class Town:
    """Two providers with a case each, Alice who works at the first, Bob who works at the second, Charlie at none."""

    def __init__(self) -> None:
        self.one, self.other = provider("example"), provider("opus")
        self.case, self.other_case = case(self.one), case(self.other)
        self.alice = person(self.one, RoleName.MANAGER, "alice")
        self.bob = person(self.other, RoleName.MANAGER, "bob")
        self.charlie = User.objects.create_user("charlie")
        for row in (self.case, self.other_case):
            _hang_on(row)


def _hang_on(row: CaseRow) -> None:
    """Something of everything that hangs on a case."""
    at = row.provider
    letter = Outgoing.objects.get(case=row)
    KeptMessage.objects.create(
        provider=at, kept_at=MONDAY, received=MONDAY, content_hash="0", size=1, raw=b"x", case=row
    )
    Document.objects.create(
        provider=at, case=row, outgoing=letter, format="pdf", media_type="application/pdf", content=b"x",
        sha256="0", made_at=MONDAY,
    )  # fmt: skip
    Upload.objects.create(
        provider=at,
        case=row,
        contact="first",
        name="a",
        media_type="image/png",
        content=b"x",
        sha256="0",
        at=MONDAY,
    )


@pytest.fixture
def town() -> Town:
    return Town()


QUERIES: tuple[Callable[..., QuerySet[Any]], ...] = (
    access.cases, access.outgoing_for, access.messages_for, access.documents_for, access.uploads_for,
)  # fmt: skip


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.__name__)
def test_each_sees_what_hangs_on_the_cases_of_their_own_provider(
    town: Town, query: Callable[..., QuerySet[Any]]
) -> None:
    assert [row.provider_id for row in query(town.alice)] == ["larkfield"]
    assert [row.provider_id for row in query(town.alice, "larkfield")] == ["larkfield"]
    assert [row.provider_id for row in query(town.bob)] == ["opus-telecoms"]
    assert list(query(town.alice, "opus-telecoms")) == []
    assert list(query(town.charlie)) == []
    assert list(query(AnonymousUser())) == []
    assert list(query(AnonymousUser(), "larkfield")) == []


def test_one_case_is_had_by_its_provider_and_reference(town: Town) -> None:
    assert access.case_for(town.alice, "larkfield", town.case.reference) == town.case


def test_what_is_not_yours_is_told_like_what_is_not_there(town: Town) -> None:
    said = set()
    for who, at, reference in (
        (town.alice, "opus-telecoms", town.other_case.reference), (town.alice, "larkfield", town.other_case.reference),
        (town.alice, "larkfield", "LB-0000-0000"), (town.charlie, "larkfield", town.case.reference),
        (AnonymousUser(), "larkfield", town.case.reference), (town.bob, "larkfield", town.case.reference),
    ):  # fmt: skip
        with pytest.raises(NotYours) as refused:
            access.case_for(who, at, reference)
        said.add(type(refused.value))
        assert isinstance(refused.value, Http404)
    assert said == {NotYours}


@pytest.mark.parametrize("role", list(RoleName))
def test_every_role_but_the_administrator_reads_cases(town: Town, role: RoleName) -> None:
    who = person(town.one, role, "dana")
    assert access.cases(who).exists() is (role is not RoleName.ADMINISTRATOR)
    assert access.providers(who).exists() is (role is not RoleName.ADMINISTRATOR)


def test_who_may_write_is_asked_by_role(town: Town) -> None:
    auditor = person(town.one, RoleName.AUDITOR, "ava")
    assert access.case_for(auditor, "larkfield", town.case.reference) == town.case
    with pytest.raises(NotYours):
        access.case_for(auditor, "larkfield", town.case.reference, access.WORKS_ON_CASES)


def test_a_role_at_one_provider_is_none_at_another(town: Town) -> None:
    person(town.other, RoleName.ADMINISTRATOR, "alice")
    assert [row.provider_id for row in access.cases(town.alice)] == ["larkfield"]
    assert access.roles_at(town.alice, "opus-telecoms") == {RoleName.ADMINISTRATOR}


def test_who_has_left_sees_nothing(town: Town) -> None:
    town.alice.is_active = False
    town.alice.save()
    assert not access.cases(town.alice).exists()
    with pytest.raises(NotYours):
        access.provider_for(town.alice, "larkfield")


def test_alarms_go_to_their_provider_and_those_of_the_desk_to_its_keepers(town: Town) -> None:
    Alarm.objects.create(kind="worker asleep", key="w", text="asleep", runbook="x", raised=MONDAY)
    agent = person(town.one, RoleName.AGENT, "amy")
    assert {a.kind for a in access.alarms_for(town.alice)} == {"worker asleep", "scheme unknown"}
    assert {a.provider_id for a in access.alarms_for(agent)} == {"larkfield"}
    assert list(access.alarms_for(town.charlie)) == []


# --- customers --------------------------------------------------------------------------------------------


def test_a_customer_opens_their_case_with_reference_and_code(town: Town) -> None:
    code = access_code(town.case)
    assert code in Outgoing.objects.get(case=town.case).text, "their letter gives it"
    for typed in (code, f" {code[:4].lower()}-{code[4:].lower()} "):
        assert opened("larkfield", town.case.reference.lower(), typed, now=MONDAY) == town.case


def test_the_code_of_another_case_opens_nothing(town: Town) -> None:
    neighbour = case(town.one)
    with pytest.raises(NotYours):
        opened("larkfield", town.case.reference, access_code(neighbour), now=MONDAY)
    with pytest.raises(NotYours):
        opened("opus-telecoms", town.case.reference, access_code(town.case), now=MONDAY)


def test_a_renewed_code_replaces_the_old_one(town: Town) -> None:
    old = access_code(town.case)
    new = access.renew_access_code(town.case)
    assert old != new
    with pytest.raises(NotYours):
        opened("larkfield", town.case.reference, old, now=MONDAY)
    assert opened("larkfield", town.case.reference, new, now=MONDAY) == town.case


@pytest.mark.parametrize("there", [True, False])
def test_guessing_is_locked_out_and_does_not_tell_whether_the_case_exists(town: Town, there: bool) -> None:
    reference = town.case.reference if there else "LB-0000-0000"
    for _ in range(access.TRIES):
        with pytest.raises(NotYours) as wrong:
            opened("larkfield", reference, "WRONGWRO", now=MONDAY)
        assert not isinstance(wrong.value, Locked)
    with pytest.raises(Locked) as locked:
        opened("larkfield", reference, "WRONGWRO", now=MONDAY)
    assert locked.value.until == MONDAY + access.LOCKED_FOR


def test_the_right_code_waits_while_locked_and_opens_after(town: Town) -> None:
    code = access_code(town.case)
    for _ in range(access.TRIES):
        with pytest.raises(NotYours):
            opened("larkfield", town.case.reference, "WRONGWRO", now=MONDAY)
    with pytest.raises(Locked):
        opened("larkfield", town.case.reference, code, now=MONDAY + MINUTE)
    after = MONDAY + access.LOCKED_FOR
    assert opened("larkfield", town.case.reference, code, now=after) == town.case


def test_the_right_code_forgives_earlier_slips_and_slow_slips_never_lock(town: Town) -> None:
    code = access_code(town.case)
    for n in range(3 * access.TRIES):
        with pytest.raises(NotYours) as wrong:
            opened("larkfield", town.case.reference, "WRONGWRO", now=MONDAY + n * timedelta(minutes=20))
        assert not isinstance(wrong.value, Locked)
    later = MONDAY + timedelta(days=1)
    assert opened("larkfield", town.case.reference, code, now=later) == town.case


def test_a_stranger_who_guesses_locks_out_their_own_network_and_never_the_customer(town: Town) -> None:
    code = access_code(town.case)
    for n in range(3 * access.TRIES):
        with pytest.raises(NotYours):
            opened("larkfield", town.case.reference, f"{n:08}", now=MONDAY, network="203.0.113.9/32")
    assert opened("larkfield", town.case.reference, code, now=MONDAY) == town.case
    with pytest.raises(Locked):
        opened("larkfield", town.case.reference, code, now=MONDAY, network="203.0.113.9/32")


def test_a_network_that_tries_many_references_is_locked_for_all_of_them(town: Town) -> None:
    for n in range(access.TRIES_OF_A_NETWORK):
        with pytest.raises(NotYours) as wrong:
            opened("larkfield", f"LB-{n:04}-0000", "WRONGWRO", now=MONDAY)
        assert not isinstance(wrong.value, Locked)
    with pytest.raises(Locked):
        opened("larkfield", town.case.reference, access_code(town.case), now=MONDAY)


def test_many_networks_together_guess_no_faster_than_so_many_codes_an_hour(town: Town) -> None:
    for n in range(access.TRIES_AT_A_CASE):
        with pytest.raises(NotYours):
            opened("larkfield", town.case.reference, "WRONGWRO", now=MONDAY, network=str(n // 4))
    with pytest.raises(Locked):
        opened("larkfield", town.case.reference, access_code(town.case), now=MONDAY, network="another")


@pytest.mark.parametrize("odd", ["", "\0", "é" * 300, "\ud800", "🦊"])
def test_odd_typing_is_only_wrong(town: Town, odd: str) -> None:
    with pytest.raises(NotYours):
        opened("larkfield", odd, odd, now=MONDAY)
    with pytest.raises(NotYours):
        access.spend_link("larkfield", odd, now=MONDAY)


def test_a_link_opens_one_case_once_and_looking_spends_nothing(town: Town) -> None:
    token = access.make_link(town.case, "ann@example.org", now=MONDAY)
    assert token not in str(AccessLink.objects.values().get())
    assert access.look_at_link("larkfield", token, now=MONDAY) == town.case
    assert access.look_at_link("larkfield", token, now=MONDAY) == town.case
    assert access.spend_link("larkfield", token, now=MONDAY + MINUTE) == town.case
    for again in (access.spend_link, access.look_at_link):
        with pytest.raises(NotYours):
            again("larkfield", token, now=MONDAY + MINUTE)


@pytest.mark.parametrize(("at", "late", "cut"), [
    ("opus-telecoms", MINUTE, 0), ("larkfield", access.LINK_LASTS, 0), ("larkfield", MINUTE, 1),
])  # fmt: skip
def test_a_link_of_another_provider_or_hour_or_with_a_letter_less_opens_nothing(
    town: Town, at: str, late: timedelta, cut: int
) -> None:
    token = access.make_link(town.case, "ann@example.org", now=MONDAY)
    with pytest.raises(NotYours):
        access.spend_link(at, token[cut:], now=MONDAY + late)


def test_nobody_sees_the_providers_of_others(town: Town) -> None:
    assert list(access.providers(town.alice)) == [Provider.objects.get(pk="larkfield")]
    assert not access.providers(town.charlie).exists()
