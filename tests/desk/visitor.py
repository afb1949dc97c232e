"""Somebody with a browser and no JavaScript: reads pages, fills in their forms, presses their buttons."""

from __future__ import annotations

from typing import Any, Self
from urllib.parse import urljoin

from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from tests.desk.made import PASSWORD

DRAFT = "Save draft"
GO_ON = "Go on"
"""What the form of an action says by which a letter may leave."""


class Page:
    """A page as it came: its status, where it was found, its document."""

    def __init__(self, answer: Any, address: str) -> None:
        self.answer, self.status, self.address = answer, answer.status_code, address
        self.content: bytes = answer.getvalue()
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        self.doc: Any = html.document_fromstring(self.content or b"<html></html>") if is_page else None

    @property
    def words(self) -> str:
        """All words of the page, one space apart."""
        return " ".join(self.doc.text_content().split())

    @property
    def main(self) -> str:
        """The words of the page itself, without what stands around it."""
        return " ".join(self.doc.get_element_by_id("main").text_content().split())

    @property
    def h1(self) -> str:
        """Its heading."""
        return " ".join(self.doc.xpath("//h1")[0].text_content().split())

    @property
    def mistakes(self) -> list[str]:
        """What the summary at its head says is to be mended."""
        return [" ".join(li.text_content().split()) for li in self.within("mistakes", "li")]

    def within(self, style: str, what: str = "") -> list[Any]:
        """The elements of this class, or those of one kind within them."""
        of_class = f'//*[contains(concat(" ", normalize-space(@class), " "), " {style} ")]'
        found: list[Any] = self.doc.xpath(f"{of_class}//{what}" if what else of_class)
        return found

    @property
    def links(self) -> list[str]:
        """Where its links lead."""
        return [a.get("href") for a in self.doc.xpath("//a[@href]")]

    def form(self, button: str) -> tuple[Any, Any]:
        """The form that has a button with these words, and the button.

        A button that stands only under the letter, which is looked at before it is sent, is reached by "Go on".
        """
        for words in (button, GO_ON):
            for form in (*self.doc.xpath("//main//form"), *self.doc.forms):
                for found in form.xpath(".//button"):
                    shown = " ".join(found.text_content().split())
                    # Keeping a draft stands beside every button, and is meant only where it is named in full.
                    if shown.startswith(words) and (shown != DRAFT or words == DRAFT):
                        return form, found
        raise AssertionError(f"no button {button!r} on {self.address}: {self.words[:2000]}")


class Visitor:
    """A browser. Cookies are kept, redirects followed, the token against forged forms is asked for."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def signed_in(self, person: User) -> Self:
        """The visitor after signing in as this person, through the form."""
        page = self.press(self.get("/sign-in"), "Sign in", username=person.username, password=PASSWORD)
        assert page.address != "/sign-in", page.mistakes
        return self

    def get(self, address: str) -> Page:
        """The page at this address, wherever it leads."""
        answer = self.client.get(address, follow=True)
        chain = getattr(answer, "redirect_chain", [])
        return Page(answer, chain[-1][0] if chain else address)

    def press(self, page: Page, button: str, **filled: Any) -> Page:
        """The page after pressing a button of a form that was filled in so; what is not named stays as it stood.

        A button that stands under a letter which is looked at first is reached by going on to it.
        """
        form, pressed = page.form(button)
        said: dict[str, Any] = {}
        for name, value in form.form_values():
            # A browser leaves out the line break that stands first in a box of several lines.
            said.setdefault(name, []).append(value.removeprefix("\n"))
        for name, value in filled.items():
            known = [n for n in form.inputs.keys() if n == name]  # noqa: SIM118 - lxml's inputs are no plain mapping
            assert known, f"{button}: no box {name} among {sorted(form.inputs.keys())}"
            said[name] = value if isinstance(value, list) else [value]
        if pressed.get("name"):
            said[pressed.get("name")] = [pressed.get("value", "")]
        shown = self.send(
            form.method,
            urljoin(page.address, pressed.get("formaction") or form.get("action") or page.address),
            said,
        )
        goes_on = pressed.text_content().strip() == GO_ON and not button.startswith(GO_ON)
        return self.press(shown, button) if goes_on and shown.within("locked") else shown

    def send(self, method: str, address: str, said: dict[str, Any]) -> Page:
        """The page after a form was sent there."""
        call = self.client.post if method == "POST" else self.client.get
        answer = call(address, said, follow=True)
        chain = getattr(answer, "redirect_chain", [])
        return Page(answer, chain[-1][0] if chain else address)
