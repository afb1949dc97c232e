"""Promises of adopting codes, knowing schemes, making people, and of mail that is off until somebody switches it on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from amends.core import facts as f
from amends.core.check import judge
from amends.core.may import Refusal
from amends.core.problems import Severity
from amends.desk import ledger
from amends.desk.actions import Actor, correct_receipt
from amends.desk.books import governing
from amends.desk.models import (
    AdoptedCode,
    Alarm,
    AuditEntry,
    Mail,
    Mailbox,
    Outgoing,
    Provider,
    Role,
    RoleName,
    SchemeMembership,
)
from amends.desk.people import give_role, make_person, take_role
from amends.desk.providers import (
    DROP,
    SEND,
    Adopted,
    Released,
    adopt,
    belong,
    held_summary,
    release,
    switch_mail,
)
from amends.desk.record import docket
from amends.desk.refold import refold
from amends.desk.ticker import catch_up
from amends.law import law
from tests.desk.made import (
    CODES,
    MONDAY,
    PASSWORD,
    case,
    closed,
    days,
    example,
    london,
    look,
    person,
    provider,
)

pytestmark = pytest.mark.django_db
EXAMPLE = example("November 2026", "1 November 2026")
OPUS = (CODES / "opus.yaml").read_text(encoding="utf-8")


def test_a_code_without_faults_is_adopted_and_its_provider_made() -> None:
    adopted = adopt(EXAMPLE, "example.yaml", now=MONDAY, by="7")
    assert isinstance(adopted, Adopted)
    assert adopted.as_json() == {
        "provider": "larkfield", "code": "larkfield-complaints", "version": "November 2026",
        "in_force_from": "2026-11-01",
    }  # fmt: skip
    made = Provider.objects.get()
    assert (made.name, made.mail) == ("Larkfield Broadband", "off")
    assert AuditEntry.objects.get(what="code adopted").by == "7"


def test_a_code_against_the_rules_is_refused_with_every_problem_and_makes_nothing() -> None:
    problems = adopt(OPUS, "opus.yaml", now=MONDAY, by="7")
    assert isinstance(problems, tuple)
    assert {p.rule for p in problems} >= {"STALE_THRESHOLD"}
    assert not Provider.objects.exists()


def test_taken_as_published_it_is_adopted_with_its_faults() -> None:
    adopted = adopt(OPUS, "opus.yaml", now=MONDAY, by="7", as_published=True)
    assert isinstance(adopted, Adopted)
    assert any(p.severity is Severity.ERROR for p in adopted.warnings)
    assert AdoptedCode.objects.get().as_published


def test_a_broken_file_is_never_adopted() -> None:
    broken = EXAMPLE.replace("working day: office", "working day: nowhere")
    problems = adopt(broken, "broken.yaml", now=MONDAY, by="7", as_published=True)
    assert isinstance(problems, tuple)
    assert problems
    assert not AdoptedCode.objects.exists()


def test_a_broken_file_is_told_what_stands_against_the_law_in_it_as_check_tells_it() -> None:
    broken = OPUS.replace("working day: office", "working day: nowhere")
    assert broken != OPUS
    problems = adopt(broken, "opus.yaml", now=MONDAY, by="7", scheme="nobody")
    assert isinstance(problems, tuple)
    _, checked = judge(broken, "opus.yaml", law(), MONDAY.date())
    assert problems[1:] == checked
    assert "no approved scheme" in problems[0].message
    assert {p.severity for p in checked} >= {Severity.BROKEN, Severity.ERROR}
    assert "OFCOM_OR_ISPA_AS_ADR" in {p.rule for p in checked}


def test_the_same_text_again_changes_nothing_and_records_the_scheme() -> None:
    adopt(EXAMPLE, "example.yaml", now=MONDAY, by="7")
    again = adopt(
        EXAMPLE, "example.yaml", now=MONDAY, by="7", scheme="communications-ombudsman", since=date(2020, 1, 1)
    )
    assert isinstance(again, Adopted)
    assert again.again
    assert AdoptedCode.objects.count() == 1
    assert SchemeMembership.objects.get().scheme == "communications-ombudsman"


@pytest.mark.parametrize(("scheme", "since", "says"), [
    ("ofcom", date(2020, 1, 1), "no approved scheme"), ("communications-ombudsman", None, "needs the day"),
    ("", date(2020, 1, 1), "needs the day"),
])  # fmt: skip
def test_a_scheme_is_one_of_the_approved_with_its_day(scheme: str, since: date | None, says: str) -> None:
    problems = adopt(EXAMPLE, "example.yaml", now=MONDAY, by="7", scheme=scheme, since=since)
    assert isinstance(problems, tuple)
    assert says in problems[0].message


def test_while_no_scheme_is_known_an_alarm_stands() -> None:
    at = provider()
    assert Alarm.objects.get(kind="scheme unknown", cleared__isnull=True).provider == at
    belong(at, "communications-ombudsman", date(2024, 1, 1), by="7", now=MONDAY + days(1))
    assert not Alarm.objects.filter(kind="scheme unknown", cleared__isnull=True).exists()


def test_a_provider_that_moves_to_another_scheme_leaves_the_one_before() -> None:
    at = provider(scheme="communications-ombudsman", since="2020-01-01")
    belong(at, "cisas", date(2026, 5, 1), by="7", now=MONDAY)
    rows = SchemeMembership.objects.order_by("since").values_list("scheme", "until")
    assert list(rows) == [("communications-ombudsman", date(2026, 4, 30)), ("cisas", None)]


def test_a_code_governs_from_its_day_whenever_it_was_adopted() -> None:
    for name, begins in (
        ("Two", "1 February 2027"),
        ("One", "1 November 2026"),
        ("One mended", "1 November 2026"),
    ):
        assert isinstance(adopt(example(name, begins), f"{name}.yaml", now=MONDAY, by="7"), Adopted)

    def governs(day: date) -> str:
        _, code = governing("larkfield", day)
        return code.version if code else ""

    assert governs(date(2026, 10, 31)) == ""
    assert governs(date(2026, 11, 1)) == "One mended", "of two from the same day the one adopted last"
    assert governs(date(2027, 1, 31)) == "One mended"
    assert governs(date(2027, 2, 1)) == "Two"


def test_a_code_that_states_no_day_governs_every_complaint_until_another_does() -> None:
    provider("opus")
    assert governing("opus-telecoms", date(2016, 1, 1))[1] is not None


def test_a_case_keeps_its_code_when_a_newer_one_is_adopted() -> None:
    provider("opus")
    adopt(example(), "example.yaml", now=MONDAY, by="7")
    row = case(Provider.objects.get(pk="larkfield"))
    adopt(example("Later", "1 July 2026"), "later.yaml", now=MONDAY, by="7")
    look(row, MONDAY + days(1))
    row.refresh_from_db()
    assert row.code is not None
    assert row.code.version == "July 2026"


def test_a_code_adopted_late_governs_the_open_cases_that_were_received_while_it_was_in_force() -> None:
    at = Provider.objects.create(pk="larkfield", name="Larkfield Broadband", created=MONDAY)
    before, since, over = (
        case(at, london(day)) for day in ("2026-06-30 23:59", "2026-07-01 00:00", "2026-07-02 10:00")
    )
    closed(over, london("2026-07-03 10:00"))
    assert [row.code for row in (before, since, over)] == [None] * 3
    adopt(example(), "example.yaml", now=MONDAY, by="7")
    assert catch_up(MONDAY) == 1
    for row in (before, since, over):
        row.refresh_from_db()
    assert (before.code, over.code) == (None, None)
    assert since.code is not None
    assert since.stage_role == "customer care team"
    (fact,) = [x for x in ledger.load([since.pk])[since.pk] if isinstance(x, f.CodeGoverns)]
    assert (fact.code, fact.code_version) == (since.code.code, since.code.fingerprint)
    assert refold(check=True, now=MONDAY).wrong == []
    assert catch_up(MONDAY) == 0


def test_a_receipt_that_is_corrected_to_an_earlier_version_s_days_is_governed_by_that_version() -> None:
    adopt(example("Old", "1 January 2026"), "old.yaml", now=MONDAY, by="7")
    adopt(example("New", "1 November 2026"), "new.yaml", now=MONDAY, by="7")
    at = Provider.objects.get(pk="larkfield")
    row, late = case(at), case(at)
    mia = Actor("7", "Mia", RoleName.MANAGER)
    with docket(row.pk, now=MONDAY) as d:
        refused = correct_receipt(
            d.cases[row.pk],
            mia,
            MONDAY,
            contact="first",
            received=london("2026-10-31 12:00"),
            why="The stamp.",
        )
    assert refused is None
    row.refresh_from_db()
    assert row.code is not None
    assert late.code is not None
    assert (row.code.version, late.code.version) == ("Old", "New")


# --- mail -------------------------------------------------------------------------------------------------


@pytest.fixture
def at() -> Provider:
    """A provider whose mail is off, with three acknowledgements and two ADR letters that are held."""
    made = provider()
    case(made, london("2026-11-02 09:00"))
    for row in (case(made, london("2026-11-03 09:00")), case(made, london("2026-11-04 09:00"))):
        look(row, london("2026-12-20 09:00"))
    return made


def test_switching_mail_on_first_shows_what_is_owed_by_kind_and_age(at: Provider) -> None:
    assert [(h.letter, h.channel, h.count) for h in held_summary(at)] == [
        ("adr-letter", "email", 2), ("acknowledgement", "email", 3),
    ]  # fmt: skip
    assert held_summary(at)[1].oldest == london("2026-11-02 09:00")


def test_switching_mail_on_releases_nothing_by_itself(at: Provider) -> None:
    assert switch_mail(at, Mail.FOLDER, by="7", now=MONDAY) is None
    assert set(Outgoing.objects.values_list("state", flat=True)) == {"held"}
    assert case(at).facts == 4
    assert Outgoing.objects.latest("id").state == "ready", "what is decided from now on leaves"


def test_each_kind_is_sent_or_dropped_or_stays(at: Provider) -> None:
    switch_mail(at, Mail.FOLDER, by="7", now=MONDAY)
    now = london("2026-12-21 09:00")
    done = release(
        at, {"adr-letter": SEND, "acknowledgement": DROP}, why="answered in the old desk", by="7", now=now
    )
    assert done == Released({"adr-letter": 2}, {"acknowledgement": 3})
    assert set(Outgoing.objects.filter(letter="adr-letter").values_list("state", flat=True)) == {"ready"}
    assert set(Outgoing.objects.filter(letter="acknowledgement").values_list("state", flat=True)) == {
        "withdrawn"
    }
    assert held_summary(at) == ()


def test_a_dropped_acknowledgement_does_not_come_back_by_another_way() -> None:
    at = provider()
    row = case(
        at, customer={"name": "Ann", "email": "ann@example.org", "address": "1 High Street\nLarkfield"}
    )
    release(at, {"acknowledgement": DROP}, why="answered in the old desk", by="7", now=MONDAY)
    look(row, MONDAY + days(1))
    assert list(Outgoing.objects.values_list("letter", "state")) == [("acknowledgement", "withdrawn")]


@pytest.mark.parametrize(("kinds", "why", "says"), [
    ({"adr-letter": DROP}, "old", "cannot be dropped together"), ({"acknowledgement": DROP}, " ", "needs a reason"),
    ({"acknowledgement": SEND}, "", "Mail is off"), ({"acknowledgement": "lose"}, "", "is no answer"),
])  # fmt: skip
def test_what_may_not_be_done_to_held_letters_is_said(
    at: Provider, kinds: dict[str, str], why: str, says: str
) -> None:
    refused = release(at, kinds, why=why, by="7", now=MONDAY)
    assert isinstance(refused, Refusal)
    assert says in refused.what
    assert set(Outgoing.objects.values_list("state", flat=True)) == {"held"}


def test_mail_goes_live_only_with_a_mailbox(at: Provider) -> None:
    refused = switch_mail(at, Mail.LIVE, by="7", now=MONDAY)
    assert isinstance(refused, Refusal)
    assert "no mailbox" in refused.what
    Mailbox.objects.create(
        provider=at, address="complaints@larkfield.example", smtp_host="mail.larkfield.example"
    )
    assert switch_mail(at, Mail.LIVE, by="7", now=MONDAY) is None
    assert Provider.objects.get().mail == "live"


@pytest.mark.parametrize(("host", "allowed"), [
    ("mail.larkfield.example", False), ("127.0.0.1", True), ("localhost", True), ("127.evil.example", False),
    ("localhost.evil.example", False), ("::1", True),
])  # fmt: skip
def test_played_time_never_writes_to_real_people(
    at: Provider, settings: Settings, host: str, allowed: bool
) -> None:
    settings.MANUAL_CLOCK = True
    Mailbox.objects.create(provider=at, address="complaints@larkfield.example", smtp_host=host)
    assert (switch_mail(at, Mail.LIVE, by="7", now=MONDAY) is None) is allowed


# --- people -----------------------------------------------------------------------------------------------


def test_a_person_has_roles_at_providers() -> None:
    one, other = provider(), provider("opus")
    hana = person(one, RoleName.HANDLER, "hana")
    again = make_person(
        "hana", name="Hana", password="ignored", provider=other, role=RoleName.AGENT, by="7", now=MONDAY
    )
    assert again == hana
    assert hana.check_password(PASSWORD), "who is there keeps their password"
    held = Role.objects.filter(person=hana).values_list("provider", "role")
    assert set(held) == {("larkfield", "handler"), ("opus-telecoms", "agent")}
    take_role(hana, other, RoleName.AGENT, by="7", now=MONDAY)
    assert Role.objects.filter(person=hana).count() == 1
    assert AuditEntry.objects.filter(what__startswith="role").count() == 3


def test_a_role_given_twice_is_one_role_with_the_newer_details() -> None:
    at = provider()
    hana = person(at, RoleName.HANDLER, "hana")
    give_role(hana, at, RoleName.HANDLER, by="7", now=MONDAY, phone="01632 960777")
    assert Role.objects.get(person=hana).phone == "01632 960777"


def test_a_weak_password_makes_nobody() -> None:
    refused = make_person(
        "hana",
        name="Hana",
        password="password1234",
        provider=provider(),
        role=RoleName.AGENT,
        by="7",
        now=MONDAY,
    )
    assert isinstance(refused, Refusal)
    assert "common" in refused.what
    assert not User.objects.exists()


def test_the_codes_of_the_house_can_all_be_adopted_as_published() -> None:
    for path in sorted(CODES.glob("*.yaml")):
        adopted = adopt(
            path.read_text(encoding="utf-8"), Path(path).name, now=MONDAY, by="7", as_published=True
        )
        assert isinstance(adopted, Adopted), path
