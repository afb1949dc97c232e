"""Whoever types an address as it is printed, with a slash behind it, comes to the page."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.desk.made import provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    provider("example")
    return Client()


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/portal/larkfield/code/", "/portal/larkfield/code"),
        ("/portal/larkfield/code/2026-07-01/", "/portal/larkfield/code/2026-07-01"),
        ("/portal/larkfield/complain///?from=bill", "/portal/larkfield/complain?from=bill"),
    ],
)
def test_an_address_with_a_slash_too_many_leads_to_its_page(
    visitor: Client, address: str, leads_to: str
) -> None:
    answer = visitor.get(address)
    assert (answer.status_code, answer["Location"]) == (301, leads_to)
    assert visitor.get(leads_to).status_code in (200, 302)


@pytest.mark.parametrize(
    "address",
    ["/portal/larkfield/nothing/", "//portal/larkfield/code/", "/portal/nobody/", "/\\evil.example/"],
)
def test_an_address_that_is_none_is_none_with_a_slash_too(visitor: Client, address: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 404
    assert "Location" not in answer


def test_what_is_sent_is_never_sent_on(visitor: Client) -> None:
    assert visitor.post("/portal/larkfield/complain/", {"words": "x"}).status_code == 404
    assert visitor.get("/portal/larkfield/").status_code == 200


def test_an_address_that_only_takes_a_form_says_so_and_changes_nothing(visitor: Client) -> None:
    answer = visitor.get("/portal/larkfield/follow/link")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert b"This page is not opened by itself" in answer.content
    assert visitor.head("/portal/larkfield/follow/link").content == b""
