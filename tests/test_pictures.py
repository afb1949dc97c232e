"""The pictures of the README and the docs are those that `python3 run.py pictures` makes, and none besides."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browser.pictures import FOLDER, PICTURES

ROOT = Path(__file__).parent.parent


def test_every_picture_that_is_shown_is_one_that_the_command_makes() -> None:
    made = {picture.name for picture in PICTURES}
    shown = {
        Path(found).name
        for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
        for found in re.findall(r"!\[[^\]]+\]\(([^)\s]+\.png)\)", page.read_text(encoding="utf-8"))
    }
    assert shown == made
    assert {path.name for path in FOLDER.iterdir()} == made
