"""Finds the Chromium that is installed here and opens windows of it, which reach this machine and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW: Final = (
    "No Chromium is installed here: python3 run.py install --system, or sudo apt-get install chromium, "
    "or name one in AMENDS_TEST_CHROMIUM"
)
FLAGS: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--proxy-server=direct://",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
"""A browser that is asked for a page asks its maker for nothing beside it, and knows the name of no other machine."""
PATIENCE: Final = 40_000
"""Milliseconds that a press or a page may take on a busy machine."""


def installed() -> str | None:
    """The path of an installed Chromium; None where there is none."""
    named = os.environ.get("AMENDS_TEST_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


expect.set_options(timeout=PATIENCE)


@contextmanager
def browser(program: str) -> Iterator[Browser]:
    """One running Chromium, without windows yet."""
    # As root, in a container, Chromium cannot build its own sandbox; the pages are ours.
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *alone])
        try:
            yield running
        finally:
            running.close()


class Window:
    """One person's browser: its own cookies, its width, and a list of what went wrong in it that nobody would see."""

    def __init__(self, running: Browser, site: str, *, dark: bool, javascript: bool, width: int) -> None:
        self.site = site
        self.context: BrowserContext = running.new_context(
            base_url=site,
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/London",
        )
        self.context.set_default_timeout(PATIENCE)
        self.wrong: list[str] = []
        self.context.on("request", self._leaves)
        self.context.on("console", lambda said: self._said(said.type, said.text))
        self.context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        self.page: Page = self.context.new_page()

    def _leaves(self, request: Request) -> None:
        where = urlsplit(request.url)
        # The browser's own parts, such as what shows a PDF, have schemes of their own.
        if where.scheme in ("http", "https", "ws", "wss") and where.hostname not in (
            "127.0.0.1",
            "localhost",
        ):
            self.wrong.append(f"asks another machine: {request.url}")

    def _said(self, kind: str, words: str) -> None:
        # A page that was refused (422 with its mistakes, 403, 404) is told by the page; the rest nobody would see.
        if kind == "error" and "Failed to load resource" not in words:
            self.wrong.append(f"console: {words}")

    def close(self) -> None:
        """Shut the window; fail where something went wrong in it unseen."""
        self.context.close()
        assert not self.wrong, "\n".join(self.wrong)
