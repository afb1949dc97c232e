"""Whatever falls silent is noticed, told with its place in the runbook, and told no longer when it is over."""

from __future__ import annotations

import ast
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from amends.core import facts as f
from amends.core.calendar import london_date
from amends.desk import alarms
from amends.desk import watch as watching
from amends.desk.compose import ADR_LETTER
from amends.desk.models import (
    Alarm,
    CaseRow,
    CustomerRow,
    Heartbeat,
    KeptMessage,
    Mail,
    Mailbox,
    Outgoing,
    Provider,
    RecordedNeed,
    SchemeMembership,
)
from amends.desk.outbox import FAULT
from amends.desk.record import docket
from amends.desk.watch import WATCHERS, Watcher, watch
from amends.law import calendars
from tests.desk.made import ANN, MONDAY, case, days, london, look, provider, tell

ROOT = Path(__file__).parents[2]
HOURS = timedelta(hours=1)


def message(at: Provider, state: str) -> KeptMessage:
    return KeptMessage.objects.create(
        provider=at, kept_at=MONDAY, received=MONDAY, size=1, raw=b"x", state=state, content_hash="x"
    )


def standing(now: datetime = MONDAY) -> dict[str, str]:
    """The alarms that stand after a look, by kind; those that stand from the beginning left out."""
    watch(now)
    found = Alarm.objects.filter(cleared=None).exclude(kind__in=("scheme unknown",))
    return {alarm.kind: alarm.text for alarm in found}


@pytest.mark.django_db
class TestAWatcherNotices:
    def test_letters_that_do_not_leave(self) -> None:
        case(provider(mail=Mail.LIVE))
        assert standing(MONDAY + 29 * HOURS / 60) == {}
        told = standing(MONDAY + HOURS / 2)
        assert "1 letter has not left" in told["letters unsent"]
        assert "nobody has tried" in told["letters unsent"]
        Outgoing.objects.update(state="sent")
        assert standing(MONDAY + HOURS) == {}

    def test_letters_that_are_tried_again_and_again(self) -> None:
        case(provider(mail=Mail.LIVE))
        later = MONDAY + HOURS
        Outgoing.objects.update(attempts=6, not_before=later + HOURS, last_error="mx: connection refused")
        assert "connection refused" in standing(later)["letters unsent"]

    def test_a_letter_in_doubt(self) -> None:
        case(provider(mail=Mail.LIVE))
        Outgoing.objects.update(state="in doubt", last_error="the line broke")
        assert "may or may not have left: the line broke" in standing()["letter in doubt"]

    @pytest.mark.parametrize("state", ["failed", "bounced", "returned"])
    def test_a_letter_of_the_law_that_did_not_arrive(self, state: str) -> None:
        row = case(provider(mail=Mail.LIVE))
        Outgoing.objects.update(state=state, settled_at=MONDAY)
        assert "did not arrive" in standing()["letter undelivered"]
        CaseRow.objects.filter(pk=row.pk).update(is_open=False)
        assert standing() == {}

    def test_an_adr_letter_that_did_not_arrive_however_long_ago(self) -> None:
        row = case(provider(mail=Mail.LIVE))
        look(row, MONDAY + days(43))
        Outgoing.objects.update(state="failed", settled_at=MONDAY + days(43))
        later = standing(MONDAY + days(300))["letter undelivered"]
        assert later == f"The ADR letter of {row.reference} did not arrive: it could not be sent"
        Outgoing.objects.filter(letter=ADR_LETTER).update(state="sent")
        assert "letter undelivered" not in standing(MONDAY + days(300)), "an acknowledgement of last year"

    def test_an_adr_letter_that_nobody_has_posted_by_noon_of_its_last_posting_day(self) -> None:
        row = case(provider(mail=Mail.LIVE))
        friday = london("2026-12-18 10:00")
        look(row, friday)
        Outgoing.objects.update(state="sent")
        Outgoing.objects.filter(letter=ADR_LETTER).update(state="to post", post_by=friday.date())
        assert "letter to post" not in standing(london("2026-12-18 11:59"))
        told = standing(london("2026-12-18 12:00"))["letter to post"]
        assert "ADR letter of LB-" in told
        assert "must be in the post by Friday 18 December 2026: post it today" in told
        Outgoing.objects.update(state="posted")
        assert "letter to post" not in standing(london("2026-12-18 12:00"))

    def test_other_letters_by_post_on_the_day_after_theirs_all_together(self) -> None:
        case(provider(mail=Mail.LIVE))
        Outgoing.objects.update(state="to post", post_by=MONDAY.date())
        assert standing(MONDAY + days(0.5)) == {}
        assert (
            "1 letter should have been posted, the first by Monday 2"
            in standing(MONDAY + days(1))["letter to post"]
        )

    def test_a_customer_for_whom_no_written_way_is_known_once_a_letter_is_due(self) -> None:
        at = provider(mail=Mail.LIVE)
        row = case(at, MONDAY, {"name": "Ann", "phone": "01632 960001"}, channel="phone")
        due = CaseRow.objects.get(pk=row.pk).unreached
        assert due is not None
        assert standing(due - HOURS) == {}
        assert "no written way to the customer is known" in standing(due)["no way to reach"]
        tell(row, due, f.CustomerKnown, address="1 High Street")
        assert "no way to reach" not in standing(due)

    def test_a_letter_on_which_the_program_fails(self) -> None:
        case(provider(mail=Mail.LIVE))
        Outgoing.objects.update(attempts=1, last_error=f"{FAULT}KeyError: 'x'")
        assert "was put off: a fault of ours: KeyError" in standing()["letter put off"]
        Outgoing.objects.update(state="sent")
        assert standing() == {}

    def test_a_message_in_quarantine_although_its_alarm_was_cleared_by_hand(self) -> None:
        message(provider(), "quarantined")
        assert "could not be read or filed" in standing()["quarantine"]
        Alarm.objects.update(cleared=MONDAY)
        assert "quarantine" in standing(MONDAY + HOURS)
        KeptMessage.objects.update(state="filed")
        assert standing(MONDAY + HOURS) == {}

    def test_a_message_that_is_kept_and_never_filed(self) -> None:
        message(provider(), "kept")
        assert standing(MONDAY + HOURS / 5) == {}
        assert "1 message is kept and not filed" in standing(MONDAY + HOURS / 4)["messages unfiled"]

    def test_not_a_letter_that_another_one_follows(self) -> None:
        row = case(provider(mail=Mail.LIVE))
        Outgoing.objects.update(state="bounced", settled_at=MONDAY)
        first = Outgoing.objects.get()
        Outgoing.objects.create(
            provider=row.provider, case=row, key="again", letter=first.letter, channel="letter", to="x", words={},
            text="x", digest="", message_id="<x>", state="to post", not_before=MONDAY, decided_at=MONDAY,
        )  # fmt: skip
        assert standing() == {}

    def test_letters_that_are_held_while_mail_is_off(self) -> None:
        at = provider(mail=Mail.OFF)
        case(at)
        assert "Mail is off and 1 letter is owed, the oldest since" in standing()["letters held"]

    def test_letters_that_stay_held_once_mail_is_on_those_of_the_law_past_every_day(self) -> None:
        row = case(at := provider(mail=Mail.OFF))
        look(row, MONDAY + days(43))
        at.mail = Mail.LIVE
        at.save()
        told = standing(MONDAY + days(300))["letters held"]
        assert told.startswith(
            "2 letters are held, 1 of them an ADR letter, the oldest since Monday 2 November"
        )
        Outgoing.objects.update(state="sent")
        assert "letters held" not in standing(MONDAY + days(300))

    def test_messages_that_wait_for_a_day(self) -> None:
        KeptMessage.objects.create(
            provider=provider(),
            kept_at=MONDAY,
            received=MONDAY,
            size=1,
            raw=b"x",
            state="held",
            content_hash="x",
        )
        assert standing(MONDAY + 23 * HOURS) == {}
        assert "Monday 2 November 2026, 9 am" in standing(MONDAY + 24 * HOURS)["messages wait"]

    def test_a_mailbox_that_brings_nothing(self) -> None:
        Mailbox.objects.create(provider=provider(), address="complaints@x.example", last_heard=MONDAY)
        assert standing(MONDAY + 72 * HOURS) == {}
        assert "has brought nothing since" in standing(MONDAY + 73 * HOURS)["mailbox silent"]

    def test_a_mailbox_that_never_brought_anything(self) -> None:
        Mailbox.objects.create(provider=provider(), address="complaints@x.example", created=MONDAY + HOURS)
        assert standing(MONDAY + 73 * HOURS) == {}
        assert "has never brought anything" in standing(MONDAY + 74 * HOURS)["mailbox silent"]

    def test_a_mailbox_that_cannot_be_read(self) -> None:
        box = Mailbox.objects.create(
            provider=provider(), address="complaints@x.example", last_error="NO wrong password"
        )
        assert "wrong password" in standing()["mailbox unheard"]
        box.last_error = ""
        box.save()
        assert standing() == {}

    def test_a_worker_that_is_asleep(self) -> None:
        Heartbeat.objects.create(name="ticker", at=MONDAY)
        assert standing(MONDAY + HOURS / 4) == {}
        assert "did its last round Monday 2 November 2026, 9 am" in standing(MONDAY + HOURS)["worker asleep"]

    def test_a_due_case_that_nobody_looked_at(self) -> None:
        row = case(provider(mail=Mail.LIVE))
        Outgoing.objects.update(state="sent")
        assert row.due_hint is not None
        day = row.due_hint
        assert standing(day + HOURS / 4) == {}
        assert "have been due since" in standing(day + HOURS)["cases overdue"]
        look(row, day + HOURS)
        Outgoing.objects.update(state="sent")
        assert standing(day + HOURS).keys() == {"undecided"}, "its letter left while nobody had decided"

    def test_bank_holidays_that_run_out(self) -> None:
        until = calendars()["scotland"].complete_until
        eve = london(f"{until - days(183)} 12:00")
        assert standing(eve) == {}
        assert "calendar ends" in standing(eve + days(1))

    def test_a_provider_whose_scheme_nobody_recorded(self) -> None:
        at = provider()
        watch(MONDAY)
        alarm = Alarm.objects.get(cleared=None)
        assert (alarm.kind, alarm.provider_id) == ("scheme unknown", at.pk)
        SchemeMembership.objects.create(provider=at, scheme="cisas", since=london_date(MONDAY) - days(9))
        assert watch(MONDAY) == 0
        SchemeMembership.objects.update(until=london_date(MONDAY) - days(1))
        assert watch(MONDAY) == 1, "it has left its scheme and nobody said for which"


@pytest.mark.django_db
def test_an_alarm_keeps_its_first_moment_and_stands_anew_after_it_was_over() -> None:
    box = Mailbox.objects.create(provider=provider(), address="complaints@x.example", last_error="NO")
    for now in (MONDAY, MONDAY + HOURS):
        watch(now)
        assert Alarm.objects.get(kind="mailbox unheard").raised == MONDAY
    Mailbox.objects.update(last_error="")
    watch(MONDAY + 2 * HOURS)
    assert Alarm.objects.get(kind="mailbox unheard").cleared == MONDAY + 2 * HOURS
    box.save()
    watch(MONDAY + 3 * HOURS)
    alarm = Alarm.objects.get(kind="mailbox unheard")
    assert (alarm.raised, alarm.cleared) == (MONDAY + 3 * HOURS, None)


@pytest.mark.django_db
def test_where_weeks_are_played_no_alarm_began_later_than_now() -> None:
    Mailbox.objects.create(provider=provider(), address="complaints@x.example", last_error="NO")
    for now in (MONDAY, MONDAY - 9 * HOURS, MONDAY):
        watch(now)
    assert Alarm.objects.get(kind="mailbox unheard").raised == MONDAY - 9 * HOURS


@pytest.mark.django_db
def test_two_things_with_long_names_are_two_alarms_that_stand_until_each_is_over() -> None:
    at = provider()
    for last in "ab":
        Mailbox.objects.create(provider=at, address=f"{'l' * 250}{last}@x.example", last_error="NO")
    for now in (MONDAY, MONDAY + HOURS):
        watch(now)
        assert Alarm.objects.filter(kind="mailbox unheard", cleared=None, raised=MONDAY).count() == 2
    Mailbox.objects.filter(address__contains="a@").update(last_error="")
    watch(MONDAY + 2 * HOURS)
    (left,) = Alarm.objects.filter(kind="mailbox unheard", cleared=None)
    assert "lb@" in left.text


@pytest.mark.django_db
def test_an_alarm_holds_whatever_a_server_said() -> None:
    about = f"x\0{'é' * 300}"
    alarms.raise_all(
        [alarms.alarm("mailbox unheard", about, "it said \0", "A mailbox cannot be read", MONDAY)]
    )
    assert alarms.clear("mailbox unheard", [about], MONDAY) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("watcher", WATCHERS, ids=lambda watcher: str(watcher.kind))
def test_a_watcher_only_looks(watcher: Watcher, django_assert_max_num_queries: Any) -> None:
    row = case(provider())
    look(row, MONDAY + days(43))
    message(row.provider, "quarantined")
    with django_assert_max_num_queries(10) as asked:
        list(watcher.look(MONDAY + days(50)))
    assert [q["sql"] for q in asked.captured_queries if not q["sql"].startswith("SELECT")] == []


@pytest.mark.django_db
def test_a_healthy_desk_has_no_alarm() -> None:
    at = provider(mail=Mail.FOLDER, scheme="cisas")
    with docket(now=MONDAY):
        pass
    assert watch(MONDAY) == 0
    case(at, customer=ANN)
    assert watch(MONDAY) == 0


def runbook() -> str:
    return (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")


def headings() -> set[str]:
    return set(re.findall(r"^## (.+)$", runbook(), re.MULTILINE))


def alarms_in_the_code() -> set[str]:
    """Every heading that the desk gives an alarm: the constants beside `alarms.alarm`, and the watchers' own."""
    found = {watcher.heading for watcher in WATCHERS}
    for path in (ROOT / "amends" / "desk").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) == "alarms.alarm"
                and path.name != "watch.py"
            ):
                heading = node.args[3]
                assert isinstance(heading, ast.Constant | ast.Name), f"{path.name}: {ast.unparse(heading)}"
                found.add(str(heading.value if isinstance(heading, ast.Constant) else constants[heading.id]))
    return found


def test_every_alarm_names_a_heading_of_the_runbook_that_tells_what_to_do() -> None:
    assert alarms_in_the_code() - headings() == set()
    sections = re.split(r"^## .+$", runbook(), flags=re.MULTILINE)[1:]
    assert all(len(section.split()) > 25 for section in sections)


def test_every_heading_of_the_runbook_has_its_alarm() -> None:
    assert headings() - alarms_in_the_code() == set()


def test_every_watcher_is_in_the_tuple() -> None:
    looks = {name for name in vars(watching) if name.startswith("_") and _looks(vars(watching)[name])}
    assert {watcher.look.__name__ for watcher in WATCHERS} == looks
    assert len({watcher.kind for watcher in WATCHERS}) == len(WATCHERS)


def _looks(thing: object) -> bool:
    return getattr(thing, "__annotations__", {}).get("return") == "Iterator[Seen]"


@pytest.mark.django_db
def test_a_need_whose_day_has_come_stands_until_somebody_has_asked() -> None:
    at, day = provider(mail=Mail.FOLDER, scheme="cisas"), london_date(MONDAY)
    ann = CustomerRow.objects.create(provider=at, name="Ann Archer", made=MONDAY, changed=MONDAY)
    need = RecordedNeed.objects.create(
        provider=at,
        customer=ann,
        kind="other",
        words="Rings back slowly",
        said_on=day,
        review=day + timedelta(days=1),
    )
    with docket(now=MONDAY):
        pass
    assert "needs wait" not in standing(MONDAY)
    told = standing(MONDAY + days(1))["needs wait"]
    assert told.startswith("1 need waits to be asked about again, the first since")
    assert not {"Ann", "Rings"} & set(told.split()), "an alarm leaves the house"
    RecordedNeed.objects.filter(pk=need.pk).update(over_on=day)
    assert "needs wait" not in standing(MONDAY + days(1))
