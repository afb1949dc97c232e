"""What leaves the house is looked at as its readers see it: letters as HTML, and the sites that `amends publish` makes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from amends.core.letters import write
from amends.core.letters.examples import examples
from amends.core.letters.letter import Letter
from amends.desk import code_site
from tests.browser.looking import sound
from tests.desk.test_code_site import ALL, OMBUDSMAN, TODAY, two, version
from tests.story import book

WIDE = (1440, 390)
"""Besides 320 px, at which every page is judged."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing of each file that is asked for."""


@contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """A plain web host of this folder on loopback: what a provider copies the site to."""
    host = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=host.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{host.server_address[1]}"
    finally:
        host.shutdown()
        host.server_close()


def site_of(name: str) -> Mapping[str, bytes]:
    """The site of one of the codes that come with the program, or one of two versions in a provider's colour."""
    if name == "two":
        return code_site.site(two(), TODAY, memberships=OMBUDSMAN, accent="#7a2e5d")
    return code_site.site([version(name)], TODAY)


@pytest.mark.parametrize("name", [*ALL, "two"])
def test_every_page_of_a_published_code_is_sound_light_and_dark_wide_and_narrow(
    page: Page, name: str, tmp_path: Path
) -> None:
    files = site_of(name)
    code_site.write(files, tmp_path / "site")
    with hosted(tmp_path / "site") as site:
        for path in (path for path in files if path.endswith(".html")):
            page.goto(f"{site}/{path}")
            sound(page)
            for width in WIDE:
                page.set_viewport_size({"width": width, "height": 900})
                moves = page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                assert moves <= 0, f"{path} at {width} px"


@pytest.mark.parametrize("name", ALL)
def test_every_letter_is_sound_as_the_html_that_a_mail_shows(page: Page, name: str) -> None:
    for example in examples(book(name)):
        letter = write(example.letter, example.matter)
        assert isinstance(letter, Letter)
        page.set_content(letter.html())
        try:
            sound(page)
        except AssertionError as found:
            raise AssertionError(f"{example.letter}, {example.name}: {found}") from found
