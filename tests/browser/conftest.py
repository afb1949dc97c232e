"""A desk that is served, and windows to look into it with. Where no Chromium is, these tests say so; in CI they fail."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium, hands
from tests.browser.served import PATIENCE, Served, folder_hand, serve

Open = Callable[..., Page]
"""Opens a window of somebody's own: `opens(dark=False, javascript=True, width=1280)`."""


def _template(tmp_path_factory: pytest.TempPathFactory, made: Callable[[], None]) -> Path:
    """The folder of a desk in which this was done: made by whichever process of the tests comes first."""
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"template-{made.__name__}"
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            home.mkdir()
            with folder_hand(home) as hand:
                hand.submit(made).result(timeout=PATIENCE)
    return home


@pytest.fixture(scope="session")
def an_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an office on Monday 2 November 2026 at noon, made once; each module is served a copy."""
    return _template(tmp_path_factory, hands.office)


@pytest.fixture(scope="module")
def desk(an_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """That office, served: what one story of a module does stands there for the next."""
    with serve(an_office, tmp_path_factory.mktemp("desk")) as served:
        yield served


# A package's, for as long as it runs this thread counts as one of an event loop, in which Django opens no database.
@pytest.fixture(scope="package")
def running() -> Iterator[Browser]:
    """The Chromium of these tests."""
    program = chromium.installed()
    if program is None:
        pytest.skip(chromium.HOW)
    with chromium.browser(program) as running:
        yield running


@pytest.fixture
def opens(running: Browser, desk: Served) -> Iterator[Open]:
    """Windows into the desk, each of somebody else; what went wrong unseen in one of them fails the test."""
    windows: list[chromium.Window] = []

    def open_window(*, dark: bool = False, javascript: bool = True, width: int = 1280) -> Page:
        windows.append(chromium.Window(running, desk.site, dark=dark, javascript=javascript, width=width))
        return windows[-1].page

    yield open_window
    for window in windows:
        window.close()


@pytest.fixture
def page(opens: Open) -> Page:
    """One window: light, with JavaScript, 1280 px wide."""
    return opens()
