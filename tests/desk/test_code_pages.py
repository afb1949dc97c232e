"""Promises of the portal's code page: the version in force, every other one, its files, and what is open now."""

from __future__ import annotations

from datetime import datetime

import pytest

from amends.desk import liblouis
from amends.desk.code_pages import download, page
from amends.desk.models import Provider
from amends.desk.providers import Adopted, adopt
from tests import html_pages
from tests.desk.made import MONDAY, example, london, provider

pytestmark = pytest.mark.django_db
BASE = "/portal/larkfield/code"


def shown(at: Provider, moment: datetime = MONDAY, version: str = "", base: str = BASE) -> html_pages.Element:
    found = page(at, moment, base, version)
    assert found
    root, wrong = html_pages.read(found.html)
    assert wrong == []
    html_pages.fragment(root)
    return root


def adopted(text: str, now: datetime = MONDAY) -> Provider:
    done = adopt(text, "example.yaml", now=now, by="test")
    assert isinstance(done, Adopted), done
    return Provider.objects.get(pk=done.provider)


def open_words(root: html_pages.Element) -> list[str]:
    return [e.text for e in root.all("strong") if "code-open" in e.get("class")]


def test_the_page_is_that_of_the_version_in_force() -> None:
    adopted(example("2025", "1 March 2025"))
    at = adopted(
        example("2026", "1 July 2026").replace("5 working days of its arrival", "5 working days of arrival")
    )
    assert "Version: 2026" in shown(at).text
    assert "Version: 2025" in shown(at, london("2026-06-30 12:00")).text
    assert "Version: 2025" in shown(at, version="2025-03-01").text
    assert "What changed since the last version" in shown(at).text
    links = {link.get("href") for link in shown(at).all("a")}
    assert f"{BASE}/2025-03-01" in links
    assert BASE in {link.get("href") for link in shown(at, version="2025-03-01").all("a")}


def test_every_file_that_the_page_offers_is_there_and_no_other() -> None:
    at = provider("example", scheme="communications-ombudsman", since="2023-07-01")
    offered = [link.get("href") for link in shown(at).all("a") if link.get("href").startswith(f"{BASE}/2026")]
    files = [href.removeprefix(f"{BASE}/2026-07-01/") for href in offered if href.count("/") == 5]
    assert len(files) == 6 + liblouis.there()
    for name in files:
        file = download(at, MONDAY, "2026-07-01", name)
        assert file
        assert file.name == name
        assert len(file.content) > 1000
    assert download(at, MONDAY, "2026-07-01", "../secret.key") is None
    assert download(at, MONDAY, "1999-01-01", files[0]) is None


def test_what_is_open_is_told_by_the_server() -> None:
    at = provider("example")
    assert set(open_words(shown(at, london("2026-11-23 10:00")))) == {"Open now"}
    assert set(open_words(shown(at, london("2026-11-23 21:00")))) == {"Closed now"}
    assert set(open_words(shown(at, london("2026-12-25 10:00")))) == {"Closed now"}


def test_what_is_closed_does_not_look_open() -> None:
    at = provider("example")
    for moment, shut in (("2026-11-23 10:00", False), ("2026-11-23 21:00", True)):
        found = [
            e.get("class") for e in shown(at, london(moment)).all("strong") if "code-open" in e.get("class")
        ]
        assert found
        assert all(("code-shut" in classes) is shut for classes in found)


def test_on_a_bank_holiday_of_which_the_hours_say_nothing_nothing_is_claimed() -> None:
    at = provider("infinity")
    assert set(open_words(shown(at, london("2026-12-24 10:00")))) == {"Open now"}
    assert set(open_words(shown(at, london("2026-12-25 10:00")))) == {""}


def test_the_recorded_scheme_is_named_and_another_provider_s_is_not() -> None:
    provider("opus", scheme="cisas")
    at = provider("infinity", scheme="communications-ombudsman", since="2023-07-01")
    text = shown(at, base="/portal/infinity-group/code").text
    assert "CISAS" not in text


def test_a_provider_without_a_code_has_no_page_and_one_with_a_code_to_come_shows_it() -> None:
    nobody = Provider.objects.create(slug="nobody", name="Nobody", created=MONDAY)
    assert page(nobody, MONDAY, "/x") is None
    assert download(nobody, MONDAY, "", "x.pdf") is None
    at = adopted(example("2027", "1 January 2027"))
    assert "Comes into force on 1 January 2027" in shown(at).text
    assert page(at, MONDAY, BASE, "nowhere") is None
