"""Promises of languages: every word of ours in the portal can be translated, and a catalogue in the folder is used."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.translation import _trans  # type: ignore[attr-defined] # what every translation goes through

from amends.core import facts as f
from amends.core import saying
from amends.core.letters import LETTERS
from amends.core.opening import Hours
from amends.desk import dates_said, story, story_to_customer
from tests.desk import visitor
from tests.desk.office import NOON, Office
from tests.desk.portal_pages import pages
from tests.desk.visitor import Page
from tests.story import Story

OPEN, SHUT = "⟦", "⟧"
OURS = "//body//text()[not(ancestor::script)] | //title/text() | //@aria-label | //@title | //@alt | //@placeholder"
ANYTHING_OF_THE_CODE = "//*[@aria-labelledby='yours-title']//text() | //header[@class='letterhead']//text()"
NOT_OURS = (
    # What people wrote, references, letters as they left, sums as they were worked out, the provider's own name and text.
    "said", "letter", "reference", "answers", "house", "why", "code-page", "foot", "chat-lines", "unsent",
)  # fmt: skip
THEIRS = re.compile(
    r"Larkfield|larkfield|Customer Care Lead|Per |agent|Jo Field|jo@|A-77|LB-|Complaints|Mill Lane|LK1|\bL-"
    r"|Calls are recorded|complaints code|Repair it|crackled|£|Credit for what went wrong|CISAS"
    r"|Communications Ombudsman"
)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language in which everything that is translated stands in brackets."""

    def mark(words: str) -> str:
        return f"{OPEN}{words}{SHUT}" if words.strip() else words

    _trans.gettext  # noqa: B018 - it is loaded when it is first asked for
    monkeypatch.setattr(_trans, "gettext", mark)
    monkeypatch.setattr(_trans, "pgettext", lambda _context, words: mark(words))
    monkeypatch.setattr(_trans, "ngettext", lambda one, many, n: mark(one if n == 1 else many))
    plain = visitor.Page.form

    def form(self: Page, button: str) -> object:
        return plain(self, f"{OPEN}{button}")

    monkeypatch.setattr(visitor.Page, "form", form)


def left(page: Page) -> Iterator[str]:
    """What of a page is ours and is not translated."""
    # The code itself is the provider's text and a document of its own; what stands beside it is ours.
    ours = ANYTHING_OF_THE_CODE if page.address.endswith("/code") else OURS
    for text in page.doc.xpath(ours):
        element = text.getparent()
        around = [element, *element.iterancestors()] if element is not None else []
        if any(set(e.get("class", "").split()) & set(NOT_OURS) or e.tag == "option" for e in around):
            continue
        words = " ".join(str(text).split())
        bare = re.sub(f"{OPEN}.*{SHUT}", "", words)
        if re.search("[A-Za-z]{2}", bare) and not THEIRS.search(bare):
            yield words


def test_every_word_of_ours_in_the_portal_can_be_translated(office: Office, marked: None) -> None:
    found = {f"{page.address}: {words}" for page in pages(office) for words in left(page)}
    assert not found, "\n".join(sorted(found))


def test_what_is_not_translated_would_be_found(office: Office, marked: None) -> None:
    page = visitor.Visitor().get(office.portal("follow"))
    assert not list(left(page))
    page.doc.xpath("//h1")[0].text = "Follow your complaint"
    assert list(left(page)) == ["Follow your complaint"]


def test_dates_are_said_as_in_letters() -> None:
    for hours in range(0, 24 * 400, 7):
        at = NOON + timedelta(hours=hours, minutes=hours % 60)
        assert dates_said.day(at.date()) == saying.day(at.date())
        assert dates_said.moment(at) == saying.moment(at)
        for other in (NOON, at + timedelta(minutes=hours % 200), at + timedelta(hours=1)):
            assert dates_said.until(at, other) == saying.until(at, other)
            assert dates_said.between(at, other) == saying.between(at, other)


@pytest.mark.parametrize("name", ["example", "opus", "focus-group", "infinity", "netfuse", "netservers"])
def test_opening_hours_are_said_as_in_letters(name: str) -> None:
    code = Story(name).book.code
    assert code is not None
    every: list[Hours] = list(code.hours.values())
    assert [dates_said.opening(each) for each in every] == [saying.opening(each) for each in every]


def test_a_customer_is_told_of_every_letter_that_they_may_see_and_of_every_end() -> None:
    seen = {kind.id: kind.title for kind in LETTERS if kind.id not in story.PRIVATE_LETTERS}
    assert {key: str(said) for key, said in story_to_customer.LETTER_TITLES.items()} == seen
    assert set(story_to_customer._CLOSED) == set(f.EVIDENCE)


def catalogue(at: Path, words: dict[str, str]) -> None:
    """A compiled catalogue, as translators' programs write it (GNU .mo)."""
    head = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
    pairs = [(key.encode(), said.encode()) for key, said in sorted({"": head, **words}.items())]
    start = 28 + 16 * len(pairs)
    keys = b"".join(key + b"\0" for key, _ in pairs)
    rows: list[int] = []
    place = start
    for key, _ in pairs:
        rows += [len(key), place]
        place += len(key) + 1
    for _, said in pairs:
        rows += [len(said), place]
        place += len(said) + 1
    top = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    at.parent.mkdir(parents=True)
    at.write_bytes(
        top + struct.pack(f"<{len(rows)}I", *rows) + keys + b"".join(said + b"\0" for _, said in pairs)
    )


_ASKS = """
from amends.desk.start import ready; ready()
from django.test import Client
from amends.desk.models import Provider
from amends.desk.now import now
Provider.objects.create(slug="cwmni", name="Cwmni", created=now())
for language in ("cy", "en", "fr"):
    asked = Client(SERVER_NAME="localhost").get("/portal/cwmni/follow", headers={"accept-language": language})
    print(asked.content.decode())
"""


def test_a_catalogue_in_the_folder_is_used_for_whoever_reads_that_language(tmp_path: Path) -> None:
    words = {"Follow your complaint": "Dilyn eich cwyn", "Your reference": "Eich cyfeirnod"}
    catalogue(tmp_path / "locale" / "cy" / "LC_MESSAGES" / "django.mo", words)
    plain = {k: v for k, v in os.environ.items() if not k.startswith("AMENDS_")}
    ran = subprocess.run(
        [sys.executable, "-c", _ASKS], env={**plain, "AMENDS_HOME": str(tmp_path)},
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    welsh, english, french = ran.stdout.split("<!doctype html>")[1:]
    assert '<html lang="cy">' in welsh
    assert "<h1>Dilyn eich cwyn</h1>" in welsh
    assert "Eich cyfeirnod" in welsh
    for other in (english, french):
        assert '<html lang="en-GB">' in other
        assert "<h1>Follow your complaint</h1>" in other
