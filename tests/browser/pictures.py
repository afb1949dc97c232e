"""Makes the pictures of the README and the docs again: `python3 run.py pictures`, from a play that is the same each time."""

from __future__ import annotations

import secrets
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final
from unittest.mock import patch

from playwright.sync_api import Page

from tests.browser import chromium
from tests.browser.served import SLUG, folder_hand, serve

FOLDER: Final = Path(__file__).parents[2] / "docs" / "pictures"
MOMENT: Final = "2026-11-19T10:40+00:00"
"""Thursday 19 November 2026, twenty to eleven: the played date of every picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: who looks at which page of the play, through how large a window."""

    name: str
    who: str
    shows: str
    width: int
    height: int = 900


@dataclass(frozen=True, slots=True)
class Played:
    """What the pictures need to know of the play: the password of its people, and the cases that are shown."""

    password: str
    case: str
    offered: str
    code: str


PICTURES: Final = (
    Picture("my-day.png", "hana", "my day", 1280),
    Picture("console.png", "hana", "a case", 1280),
    Picture("portal.png", "a customer", "their case", 820),
)


def play() -> Played:
    """Play the demonstration up to the moment of the pictures, with references that are drawn alike each time."""
    from datetime import datetime

    from amends.desk.demo.main import set_up
    from amends.desk.houses import access_code
    from amends.desk.models import CaseRow
    from amends.desk.now import set_now
    from amends.desk.ticker import tick

    at = datetime.fromisoformat(MOMENT)
    with patch.object(secrets, "choice", Random(2026).choice):  # noqa: S311 - names pictures, no secret
        people = set_up(at)
    set_now(MOMENT)
    tick(at)
    hana = next(who for who in people if who.username == "hana")
    cases = CaseRow.objects.filter(provider=SLUG, is_open=True).order_by("-first_received", "pk")
    with_hana = [row for row in cases if row.state == "open" and row.handler_name == "Hana Price"]
    offered = next(row for row in cases if row.state == "outcome proposed")
    return Played(hana.password, with_hana[0].reference, offered.reference, access_code(offered))


def draw(page: Page, picture: Picture, played: Played) -> None:
    """Go to where a picture is taken."""
    if picture.who == "a customer":
        page.goto(f"/portal/{SLUG}/follow")
        page.locator("[name=reference]").fill(played.offered)
        page.locator("[name=code]").fill(played.code)
        page.get_by_role("button", name="See my complaint").click()
        return
    page.goto("/sign-in")
    page.get_by_label("Name").fill(picture.who)
    page.get_by_label("Password").fill(played.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    if picture.shows == "a case":
        page.goto(f"/desk/{SLUG}/cases/{played.case}")


def main() -> int:
    """Make every picture; 1 where there is no browser to make them in."""
    program = chromium.installed()
    if program is None:
        print(chromium.HOW)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="amends-pictures-") as folder:
        home = Path(folder) / "played"
        home.mkdir()
        with folder_hand(home) as hand:
            played = hand.submit(play).result()
        with serve(home, Path(folder) / "served") as desk, chromium.browser(program) as running:
            for picture in PICTURES:
                window = chromium.Window(running, desk.site, dark=False, javascript=True, width=picture.width)
                window.page.set_viewport_size({"width": picture.width, "height": picture.height})
                draw(window.page, picture, played)
                window.page.screenshot(path=FOLDER / picture.name, animations="disabled")
                window.close()
                print(f"docs/pictures/{picture.name}: {picture.who} looks at {picture.shows}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
