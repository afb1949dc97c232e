"""The words around the link that signs a customer in: only what they must say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from amends.core import saying
from amends.core.letters.blocks import Block, Link, Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.phrases import ending, greeting, subject


def access_link(matter: LetterMatter) -> Writing:
    """The link that the customer asked for."""
    blocks = (
        greeting(matter),
        Paragraph(
            f"Somebody, we think you, asked us for a link to your {matter.noun} {matter.case.reference}. Here it is."
        ),
        Link(f"Open your {matter.noun}", matter.extra["link"]),
        *_link_lasts(matter),
        Paragraph(
            "If you did not ask for it, you need not do anything. Please do not pass the link on: "
            "whoever has it can see your case."
        ),
        ending(matter),
    )
    return subject(matter, "your link"), blocks


def _link_lasts(matter: LetterMatter) -> Iterator[Block]:
    until = matter.extra.get("link until", "")
    when = f"until {saying.moment(datetime.fromisoformat(until))}" if until else "for a short time"
    yield Paragraph(f"It works {when}, and only once. You can ask for another at any time.")
