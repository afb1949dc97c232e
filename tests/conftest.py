"""What holds for every test: loopback only, no desk of anybody's, and in CI a skip is a failure."""

import os
import signal
import sys
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest
from django.test import TransactionTestCase
from pytest_django import Settings

# A shared machine may be slow without anything being wrong; a failure says how to run it again.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")

IN_CI = os.environ.get("CI") == "true"
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104 - only compared with, never bound to
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_reset_sequences", "live_server"})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="only the tests that use the database: the others have run on SQLite and would say the same",
    )


def pytest_configure() -> None:
    sys.addaudithook(_loopback_only)
    # Begun in the background of a shell, Ctrl-C is shut off for us and for whatever we start: tests press it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    from tests.seals import lift_when_emptied

    lift_when_emptied()


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    """Slow on purpose, the hasher of a desk would be most of the tests' time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _no_code_of_another_test() -> Generator[None]:
    """Rows of one test have the ids of another's; only there can an id mean two codes."""
    holidays = sys.modules.get("amends.desk.holidays")
    if holidays is not None:
        # A question that comes when so many seconds have passed would be one query more in some test or other.
        holidays.ASKED_EVERY = float("inf")  # type: ignore[attr-defined]  # it is that module
        holidays.forget()
    yield
    books = sys.modules.get("amends.desk.books")
    if books is not None:
        books.forget()


@pytest.fixture(autouse=True)
def _no_list_of_another_test() -> None:
    """What one test erased stands in the folder that all share, and its numbers are those of other things in the next."""
    Path(os.environ["AMENDS_HOME"], "erased.jsonl").unlink(missing_ok=True)


def _loopback_only(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse every connection, datagram and look-up that would leave this machine."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path is a Unix socket: this machine
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name and not str(name).startswith(LOOPBACK):
        raise PermissionError(f"Tests talk to this machine only; this one reached for {name}.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--only-database"):
        config.hook.pytest_deselected(items=[item for item in items if not _uses_database(item)])
        items[:] = [item for item in items if _uses_database(item)]


def _uses_database(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    is_django_case = item.cls is not None and issubclass(item.cls, TransactionTestCase)
    asks = not DATABASE_FIXTURES.isdisjoint(item.fixturenames)
    return is_django_case or asks or item.get_closest_marker("django_db") is not None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not hasattr(report, "wasxfail"):
        _no_skip_in_ci(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _no_skip_in_ci(report)
    return report


def _no_skip_in_ci(report: pytest.TestReport | pytest.CollectReport) -> None:
    """In CI whatever a test needs is there, or the project's own files failed to put it there."""
    if IN_CI and report.skipped:
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"A skip is a failure in CI: {why}"
