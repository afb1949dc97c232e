"""The billing door: each sum is fetched, taken once, and on a bill once, however often a billing system says so."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from amends.core import facts as f
from amends.core.awards import Stand
from amends.desk import billing, billing_door, door_keys, redress
from amends.desk.models import AuditEntry, AwardRow, BilledAward, BillingBatch, Door, DoorKey, Provider
from amends.desk.record import docket
from tests.desk.made import case, provider
from tests.desk.office import NOON, Office, clock
from tests.desk.test_redress import Matter

pytestmark = pytest.mark.django_db


def key(at: Provider, name: str = "Billing", opens: Door = Door.BILLING) -> str:
    """The secret of a new key."""
    made = door_keys.make_key(at, name, by="7", now=NOON, opens=opens)
    assert isinstance(made, tuple), made
    return made[1]


class System:
    """A billing system with its key."""

    def __init__(self, at: Provider, secret: str) -> None:
        self.at, self.headers = at.pk, {"authorization": f"Bearer {secret}"}
        self.client = Client(enforce_csrf_checks=True)

    def get(self, more: str = "") -> Any:
        return self.client.get(f"/api/v1/{self.at}/billing/sums{more}", headers=self.headers)

    def post(self, what: str, said: Any) -> Any:
        body = said if isinstance(said, bytes | str) else json.dumps(said)
        return self.client.post(
            f"/api/v1/{self.at}/billing/{what}", body, content_type="application/json", headers=self.headers
        )

    def told(self, what: str, said: Any) -> list[dict[str, Any]]:
        answer = self.post(what, said)
        assert answer.status_code == 200, answer.content
        return list(answer.json()["sums"])


@pytest.fixture
def matter(settings: Settings) -> Matter:
    """Ann is owed £25."""
    clock(settings)
    made = Matter("opus", account="OP-77")
    made.ok(redress.prepare, made.goodwill(2500))
    made.proposed()
    made.accepted()
    return made


@pytest.fixture
def system(matter: Matter) -> System:
    return System(matter.provider, key(matter.provider))


def test_what_is_owed_is_fetched_taken_once_and_shown_on_a_bill_once(matter: Matter, system: System) -> None:
    """O-credit: the whole way of a sum through the door, each call made twice."""
    number = f"{matter.row.reference}-A1"
    for _ in range(2):
        page = system.get().json()
        assert page["next"] is None
        (found,) = page["sums"]
        told = {
            k: found[k]
            for k in ("number", "account", "name", "pence", "pounds", "clause", "what_for", "stands")
        }
        assert told == {
            "number": number, "account": "OP-77", "name": "Ann Archer", "pence": 2500, "pounds": "25.00",
            "clause": "O-compensation", "what_for": "Two evenings on the line", "stands": "owed",
        }  # fmt: skip
        assert found["arithmetic"] == [{"words": "Two evenings on the line", "pounds": "25"}]
    assert matter.stands() is Stand.OWED, "fetching changes nothing"

    assert system.told("taken", {"numbers": [number]}) == [{"number": number, "result": "taken", "batch": 1}]
    before = [{"number": number, "result": "taken before", "batch": 1}]
    assert system.told("taken", {"numbers": [number, number]}) == before * 2
    assert BillingBatch.objects.count() == BilledAward.objects.count() == 1
    assert BillingBatch.objects.get().made_by == "key Billing"
    assert matter.stands() is Stand.HANDED_OVER
    assert billing.hand_over(matter.provider, "7", matter.now) is None, "the page hands nothing over again"
    assert system.get().json()["sums"] == []
    assert [s["number"] for s in system.get("?stands=taken").json()["sums"]] == [number]

    shown = {"answers": [{"number": number, "result": "applied", "bill": "INV-9", "on": "2026-11-02"}]}
    assert system.told("answers", shown) == [{"number": number, "result": "written"}]
    assert system.told("answers", shown) == [{"number": number, "result": "written before"}]
    assert matter.stands() is Stand.GIVEN
    (note,) = matter.letters("credit-note")
    assert "on bill INV-9 of Monday 2 November 2026" in note
    assert system.get("?stands=taken").json()["sums"] == []

    other = {"answers": [{"number": number, "result": "applied", "bill": "INV-10", "on": "2026-11-02"}]}
    (refused,) = system.told("answers", other)
    assert refused["result"] == "refused"
    assert "INV-9 of Monday 2 November 2026" in refused["why"]
    assert len(matter.letters("credit-note")) == 1


def test_a_bill_that_is_told_late_after_it_was_taken_back_gives_nothing_again(
    matter: Matter, system: System
) -> None:
    number = f"{matter.row.reference}-A1"

    def applied(bill: str) -> dict[str, Any]:
        said = {"number": number, "result": "applied", "bill": bill, "on": "2026-11-02"}
        return system.told("answers", {"answers": [said]})[0]

    system.told("taken", {"numbers": [number]})
    assert applied("INV-9")["result"] == "written"
    back = {"answers": [{"number": number, "result": "reversed", "why": "The bill was cancelled"}]}
    assert system.told("answers", back) == [{"number": number, "result": "written"}]
    late = applied("INV-9")
    assert (late["result"], late["why"]) == ("written before", "It was taken back since: that stands.")
    assert matter.stands() is Stand.CAME_BACK
    shown, gone = matter.letters("credit-note")
    assert "£25 now stands on your account" in shown
    assert "on bill INV-9 of Monday 2 November 2026. It has been taken off your account again" in gone
    assert "We still owe it to you." in gone
    assert "The bill was cancelled" not in gone, "why billing did so is for us to find out"
    assert applied("INV-11")["result"] == "written", "another bill is news"
    assert matter.stands() is Stand.GIVEN


def test_who_cannot_be_written_that_a_credit_was_taken_back_is_told_by_a_person(
    matter: Matter, system: System
) -> None:
    """Whoever had a credit note is not left to find out from a bill: where no letter can leave, somebody calls."""
    number = f"{matter.row.reference}-A1"
    system.told("taken", {"numbers": [number]})
    said = {"number": number, "result": "applied", "bill": "INV-9", "on": "2026-11-02"}
    system.told("answers", {"answers": [said]})
    (noted,) = [x for x in matter.case.letters if x.letter == "credit-note"]
    with docket(matter.row.pk, now=matter.now) as d:
        d.cases[matter.row.pk].add(
            f.LetterFate(at=matter.now, logged=matter.now, key=noted.key, fate="bounced")
        )
    system.told("answers", {"answers": [{"number": number, "result": "reversed", "why": "A slip"}]})
    assert len(matter.letters("credit-note")) == 1
    assert "tell the customer, who was written that they have it" in matter.owed["award:1"].what


def test_what_came_back_goes_again_under_a_new_number_and_never_by_itself(
    matter: Matter, system: System
) -> None:
    number = f"{matter.row.reference}-A1"
    system.told("taken", {"numbers": [number]})
    failed = {"answers": [{"number": number, "result": "failed", "why": "The account is closed"}]}
    assert system.told("answers", failed)[0]["result"] == "written"
    assert matter.stands() is Stand.CAME_BACK
    assert system.get().json()["sums"] == []
    assert system.told("taken", {"numbers": [number]})[0]["result"] == "taken before"
    matter.ok(redress.became, written=True, award="1", fate="again", why="The new account is OP-78.")
    assert [s["number"] for s in system.get().json()["sums"]] == [f"{number}-2"]
    assert system.told("taken", {"numbers": [f"{number}-2"]})[0]["result"] == "taken"
    late = {"answers": [{"number": number, "result": "applied", "bill": "INV-9", "on": "2026-11-02"}]}
    (refused,) = system.told("answers", late)
    assert (refused["result"], "under another number" in refused["why"]) == ("refused", True)


def test_what_cannot_be_says_why_and_the_rest_of_the_call_is_done(matter: Matter, system: System) -> None:
    number = f"{matter.row.reference}-A1"
    applied = {"answers": [{"number": number, "result": "applied", "bill": "INV-9", "on": "2026-11-02"}]}
    assert "has not taken" in system.told("answers", applied)[0]["why"]
    told = system.told("taken", {"numbers": ["X-A1", number]})
    assert [(t["result"], t.get("why", "")) for t in told] == [
        ("refused", "No sum that is owed has this number."), ("taken", ""),
    ]  # fmt: skip
    for said, field in (
        ({}, "numbers"), ([], "body"), ({"numbers": [7]}, "numbers.0"), ({"numbers": ["a\0"]}, "numbers.0"),
        ({"numbers": ["x"] * 101}, "numbers"), ({"numbers": [], "all": True}, "all"),
    ):  # fmt: skip
        answer = system.post("taken", said)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), said
    for change, field in (
        ({"on": "2026-11-03"}, "on"), ({"on": "tomorrow"}, "on"), ({"on": None}, "on"), ({"bill": ""}, "bill"),
        ({"result": "lost"}, "result"), ({"result": "failed"}, "why"), ({"pence": 1}, "pence"),
    ):  # fmt: skip
        both = {"answers": [applied["answers"][0], {**applied["answers"][0], **change}]}
        answer = system.post("answers", both)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, f"answers.1.{field}"), (
            change
        )
    assert matter.stands() is Stand.HANDED_OVER, "of a call with a mistake nothing was written"
    assert system.post("taken", "{").status_code == 400
    assert system.get("?stands=gone").json()["errors"][0]["field"] == "stands"
    assert system.get("?after=x").json()["errors"][0]["field"] == "after"


def test_sums_come_in_pages_and_none_is_missed(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(billing_door, "MOST", 2)
    at = Provider.objects.get(pk=system.at)
    rows = [case(at, NOON + timedelta(hours=n)) for n in range(4)]
    for row in rows:
        AwardRow.objects.filter(case=row).delete()
    matters = []
    for row in rows:
        made = object.__new__(Matter)
        made.provider, made.row, made.now = at, row, NOON + timedelta(hours=5)
        made.ok(redress.prepare, made.goodwill(100))
        made.proposed()
        made.accepted()
        matters.append(made)
    seen, address = [], f"/api/v1/{at.pk}/billing/sums"
    while address:
        page = system.client.get(address, headers=system.headers).json()
        assert len(page["sums"]) <= 2
        seen += [s["number"] for s in page["sums"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == 5


def test_a_key_opens_one_door_of_one_provider_until_it_is_revoked(matter: Matter, system: System) -> None:
    other = provider("example")
    crm = key(matter.provider, "CRM", Door.CUSTOMERS)
    for stranger in (
        System(other, key(other)),
        System(matter.provider, crm),
        System(matter.provider, "amends_x"),
    ):
        stranger.at = matter.provider.pk
        for answer in (
            stranger.get(),
            stranger.post("taken", {"numbers": []}),
            stranger.post("answers", {"answers": []}),
        ):
            assert answer.status_code == 401
            assert b"Ann" not in answer.content
    secret = system.headers["authorization"].split()[1]
    answer = system.client.put(
        f"/api/v1/{system.at}/customers/C1", "{}", content_type="application/json", headers=system.headers
    )
    assert answer.status_code == 401, "a billing key writes no customer"
    assert system.get().status_code == 200
    audit = AuditEntry.objects.get(provider=system.at, what="sums fetched by billing")
    assert (audit.by, audit.detail) == ("key Billing", {"key": "Billing", "stands": "owed", "count": 1})
    assert secret not in str(list(AuditEntry.objects.values())) + str(list(DoorKey.objects.values()))
    held = DoorKey.objects.get(provider=system.at, name="Billing")
    assert door_keys.revoke(held, by="7", now=NOON) is None
    assert system.get().status_code == 401


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    said=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["numbers", "answers", "number", "result", "bill", "on", "why"]), inner
            )
        ),
        max_leaves=8,
    )
)
def test_no_json_breaks_the_door(system: System, said: Any) -> None:
    for what in ("taken", "answers"):
        assert system.post(what, said).status_code in (200, 400, 422, 429)


def test_the_openapi_page_says_what_the_door_says(system: System) -> None:
    page = json.loads(
        (Path(__file__).parents[2] / "docs" / "billing-door.openapi.json").read_text(encoding="utf-8")
    )
    shapes = page["components"]["schemas"]
    assert set(system.get().json()["sums"][0]) == set(shapes["Sum"]["properties"])
    assert set(page["paths"]) == {
        f"/api/v1/{{provider}}/billing/{what}" for what in ("sums", "taken", "answers")
    }


def test_a_key_is_made_on_the_page_shown_once_and_revoked(settings: Settings) -> None:
    clock(settings)
    office = Office("netfuse")
    mia = office.visitor("manager")
    page = mia.get(office.at("provider/keys"))
    assert "No system has a key" in page.main
    bad = mia.press(page, "Make the key", name="Billing")
    assert bad.status == 422
    made = mia.press(page, "Make the key", name="Billing", opens="billing")
    (secret,) = made.doc.xpath("//main//div[@role='status']//code/text()")
    assert System(office.provider, secret).get().status_code == 200
    again = mia.get(office.at("provider/keys"))
    assert secret not in again.main
    assert "Billing" in again.main
    assert "There is a key called" in mia.press(again, "Make the key", name="Billing", opens="billing").main
    assert "opens nothing from now on" in mia.press(again, "Revoke it").words
    assert System(office.provider, secret).get().status_code == 401
    assert "No system has one." in mia.get(office.at("provider/settings")).main
