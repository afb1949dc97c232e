"""Whatever falls silent is noticed, told with its place in the runbook, and told no longer when it is over."""

from __future__ import annotations

import ast
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from amends.core.calendar import london_date
from amends.desk import watch as watching
from amends.desk.models import (
    Alarm,
    CaseRow,
    Heartbeat,
    KeptMessage,
    Mail,
    Mailbox,
    Outgoing,
    SchemeMembership,
)
from amends.desk.record import docket
from amends.desk.watch import WATCHERS, watch
from amends.law import calendars
from tests.desk.made import ANN, MONDAY, case, days, london, look, provider

ROOT = Path(__file__).parents[2]
HOURS = timedelta(hours=1)


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
        assert "1 letter(s) have not left" in told["letters unsent"]
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
        assert "Mail is off and 1 letter(s) are owed" in standing()["letters held"]
        at.mail = Mail.LIVE
        at.save()
        assert standing() == {}, "they wait for a person who has been told of them"

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
