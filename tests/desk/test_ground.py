"""Promises of what the desk stands on: its folder and secrets, its database, its clock, its references."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from amends.desk import home, reference
from amends.desk.alarms import alarm, clear, raise_all
from amends.desk.models import Alarm, ManualClock
from amends.desk.now import ClockRefused, now, read_time, set_now
from tests.desk.made import london

ROOT = Path(__file__).parents[2]


# --- folder -----------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "desk"))
    return tmp_path / "desk"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_is_made_for_its_owner_alone_and_its_key_stays(folder: Path) -> None:
    home.make()
    key = home.secret_key()
    assert (mode(folder), mode(folder / "secret.key")) == (0o700, 0o600)
    assert len(key) >= 50
    home.make()
    assert home.secret_key() == key


def test_without_a_folder_no_two_keys_are_the_same(folder: Path) -> None:
    assert home.secret_key() != home.secret_key()


def test_a_password_is_kept_in_the_folder_and_named_in_the_row(folder: Path) -> None:
    named = home.keep_password("complaints", "hush")
    assert (named, home.password(named)) == ("file:complaints", "hush")
    assert mode(folder / "secrets" / "complaints") == 0o600
    home.keep_password("complaints", "newer")
    assert home.password(named) == "newer"


def test_a_password_may_come_from_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_WORD", "hush")
    assert home.password("env:SMTP_WORD") == "hush"
    assert home.password("") == ""


@pytest.mark.parametrize("named", ["file:gone", "env:GONE", "file:../secret.key", "hush"])
def test_a_password_that_is_not_there_is_said(folder: Path, named: str) -> None:
    home.make()
    with pytest.raises(home.NoSecret, match="`stdin`"):
        home.password(named)


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".x"])
def test_a_password_is_kept_under_a_plain_name(folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        home.keep_password(name, "hush")


def test_a_signature_for_one_purpose_never_fits_another() -> None:
    assert home.signed("reply", "x") == home.signed("reply", "x")
    assert len({home.signed("reply", "x"), home.signed("portal", "x"), home.signed("reply", "y")}) == 3


def started(folder: Path, program: str, **more: str) -> subprocess.Popen[str]:
    """A fresh process on a desk of its own."""
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("AMENDS_", "DJANGO_", "PYTEST_"))}
    return subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env={**keep, "AMENDS_HOME": str(folder), **more},
    )  # fmt: skip


def said(process: subprocess.Popen[str]) -> str:
    """What it prints, once it has ended well."""
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    return out.strip()


def desk(folder: Path, program: str, **more: str) -> str:
    """What a fresh process prints on a desk of its own."""
    return said(started(folder, program, **more))


READY = "from amends.desk.start import ready\nready()\n"
PRAGMA = "from django.db import connection as c; k = c.cursor(); "


def test_a_desk_makes_itself_on_first_use_and_is_safe_on_disk(tmp_path: Path) -> None:
    ask = "print(*(k.execute(f'PRAGMA {p}').fetchone()[0] for p in ('journal_mode', 'synchronous', 'busy_timeout')))"
    assert desk(tmp_path / "new", READY + PRAGMA + ask) == "wal 2 20000"
    assert (tmp_path / "new" / "db.sqlite3").exists()
    count = "from amends.desk.models import Provider; print(Provider.objects.count())"
    assert desk(tmp_path / "new", READY + count) == "0", "a second time nothing is to do"


def test_two_processes_may_make_the_same_desk_at_once(tmp_path: Path) -> None:
    both = [started(tmp_path / "new", READY + "print('ready')") for _ in range(2)]
    assert [said(process) for process in both] == ["ready", "ready"]


WRITER = """
from amends.core import facts as f
from amends.desk.models import CaseRow, Provider
from amends.desk.now import now
from amends.desk.record import docket
provider = Provider.objects.first()
for n in range(15):
    at = now()
    with docket(*CaseRow.objects.order_by("pk").values_list("pk", flat=True)[:2], now=at) as d:
        for hand in d.cases.values():
            hand.add(f.NoteAdded(at=at, logged=at, words=f"note {n}"))
    with docket(now=at) as d:
        d.open_case(provider, at)
"""
PREPARE = """
from amends.desk.now import now
from amends.desk.models import CaseRow, Provider
from amends.desk.record import docket
provider = Provider.objects.create(slug=f"p{Provider.objects.count()}", name="Two Words", created=now())
for _ in range(2):
    with docket(now=now()) as d:
        d.open_case(provider, now())
"""
COUNT = """
from amends.desk.evidence import checkpoint, verify
from amends.desk.models import CaseRow
from amends.desk.now import now
from amends.desk.refold import refold
checkpoint(now())
facts = list(CaseRow.objects.order_by("pk").values_list("facts", flat=True))
print(verify().whole, refold(check=True, now=now()).wrong, facts[:3], len(facts))
"""


@pytest.mark.django_db
def test_several_processes_write_the_same_cases_side_by_side(tmp_path: Path) -> None:
    """No fact is lost, no chain is torn: rows are locked in one order on both databases."""
    url = {k: v for k, v in os.environ.items() if k == "AMENDS_DATABASE_URL"}
    desk(tmp_path, READY + PREPARE, **url)
    for process in [started(tmp_path, READY + WRITER, **url) for _ in range(3)]:
        said(process)
    told = desk(tmp_path, READY + COUNT, **url)
    assert told == "True [] [46, 46, 1] 47"


def test_cookies_are_secure_as_soon_as_the_site_is_https(tmp_path: Path) -> None:
    ask = (
        READY
        + "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.DEBUG)"
    )
    assert desk(tmp_path, ask) == "False False False"
    assert desk(tmp_path, ask, AMENDS_SITE="https://desk.example.net") == "True True False"


@pytest.mark.django_db
def test_the_models_and_the_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_the_database_asks_for_no_extension() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT extname FROM pg_extension")
            assert cursor.fetchall() == [("plpgsql",)]
    assert "django.contrib.postgres" not in __import__("amends.desk.settings", fromlist=["x"]).INSTALLED_APPS


# --- clock ------------------------------------------------------------------------------------------------


@pytest.fixture
def manual(settings: Settings, db: None) -> None:
    settings.MANUAL_CLOCK = True


def test_the_manual_clock_shows_the_latest_time_that_was_said(manual: None) -> None:
    assert set_now("2026-04-02T16:00+01:00") == london("2026-04-02 16:00")
    assert now() == london("2026-04-02 16:00")
    set_now("2026-04-02T16:00+01:00")
    set_now("2026-05-20T00:00")
    assert now() == london("2026-05-20 00:00"), "a time without an offset is London's"
    assert ManualClock.objects.count() == 1


def test_time_does_not_go_back(manual: None) -> None:
    set_now("2026-04-02T16:00+01:00")
    with pytest.raises(ClockRefused, match=r"2026-04-02T16:00.*does not go back to 2026-04-01"):
        set_now("2026-04-01T16:00+01:00")
    assert now() == london("2026-04-02 16:00")


def test_a_manual_clock_to_which_nobody_spoke_shows_the_time_of_day(manual: None) -> None:
    assert now().tzinfo is not None
    assert now().year >= 2025


@pytest.mark.django_db
def test_without_the_setting_time_cannot_be_set() -> None:
    with pytest.raises(ClockRefused, match="AMENDS_CLOCK=manual"):
        set_now("2026-04-02T16:00+01:00")


@pytest.mark.parametrize("iso", ["", "tomorrow", "2026-13-01", "16:00"])
def test_what_is_no_time_is_said(iso: str) -> None:
    with pytest.raises(ClockRefused, match="is no time"):
        read_time(iso)


# --- references -------------------------------------------------------------------------------------------

drawn = st.text(alphabet=reference.ALPHABET, min_size=reference.DRAWN, max_size=reference.DRAWN)


@given(drawn, st.integers(0, 7), st.sampled_from(reference.ALPHABET))
def test_one_wrong_character_is_noticed(seven: str, place: int, other: str) -> None:
    whole = seven + reference.check_character(seven)
    wrong = whole[:place] + other + whole[place + 1 :]
    assert bool(reference.normal(f"LB-{wrong}")) is (wrong == whole)


@given(drawn, st.integers(0, 6))
def test_neighbours_said_the_wrong_way_round_are_noticed(seven: str, place: int) -> None:
    whole = seven + reference.check_character(seven)
    a, b = whole[place], whole[place + 1]
    wrong = whole[:place] + b + a + whole[place + 2 :]
    unseen = {"0", "Z"} == {a, b}  # the one pair that a sum with an even base cannot tell apart
    assert bool(reference.normal(f"LB-{wrong}")) is (wrong == whole or unseen)


def test_references_are_drawn_by_chance_and_read_back() -> None:
    some = {reference.draw("LB") for _ in range(500)}
    assert len(some) == 500
    assert all(reference.normal(each) == each for each in some)


@pytest.mark.parametrize("said", ["lb-4f7k-9qx{}", "LB 4F7K 9QX{}", "LB4F7K9QX{}", " lb–4f7k–9qx{} "])
def test_a_reference_is_read_as_people_type_it(said: str) -> None:
    last = reference.check_character("4F7K9QX")
    assert reference.normal(said.format(last)) == f"LB-4F7K-9QX{last}"


def test_o_and_i_are_read_as_the_numbers_that_they_stand_for() -> None:
    last = reference.check_character("0110000")
    assert reference.normal(f"LB-OIL0-00O{last}") == f"LB-0110-000{last}"


def test_references_are_found_in_a_text_and_look_alikes_are_not() -> None:
    last = reference.check_character("4F7K9QX")
    text = f"Re: your letter LB-4F7K-9QX{last} (again: lb-4f7k-9qx{last}), phone 0800-1234-5678, order AB-1234-5678"
    assert reference.found(text)[0] == f"LB-4F7K-9QX{last}"
    assert len(reference.found(text)) <= 2


@pytest.mark.parametrize(("name", "letters"), [
    ("Larkfield Broadband", "LB"), ("Opus", "OP"), ("The Focus Group Ltd", "TF"), ("4G", "G"), ("…", "C"),
])  # fmt: skip
def test_initials_are_those_of_the_name(name: str, letters: str) -> None:
    assert reference.initials(name) == letters


# --- alarms -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_alarm_stands_once_from_its_first_moment_until_it_is_cleared() -> None:
    for hour in (9, 10):
        at = london(f"2026-11-02 {hour:02}:00")
        raise_all([alarm("silent", "larkfield", f"silent at {hour}", "A silent mailbox", at)])
    standing = Alarm.objects.get()
    assert (standing.raised, standing.text) == (london("2026-11-02 09:00"), "silent at 10")
    assert clear("silent", ["larkfield"], london("2026-11-02 11:00")) == 1
    assert clear("silent", ["larkfield"], london("2026-11-02 12:00")) == 0
    raise_all([alarm("silent", "larkfield", "silent again", "A silent mailbox", london("2026-11-03 09:00"))])
    again = Alarm.objects.get()
    assert (again.raised, again.cleared) == (london("2026-11-03 09:00"), None)
