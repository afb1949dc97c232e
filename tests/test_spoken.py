"""What a script to read aloud promises: said as people say it, nothing left out, whatever anybody typed."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.letters import Bullets, Details, Heading, Letter, Link, Paragraph, Quote, write
from amends.core.letters.examples import Example, examples
from amends.core.spoken import said, script
from tests.story import FIVE, book

EXAMPLES = [
    pytest.param(e, id=f"{name}: {e.letter}, {e.name}")
    for name in ("example", *FIVE)
    for e in examples(book(name))
]


@pytest.mark.parametrize(
    ("text", "aloud"),
    [
        ("Call 020 8545 8200 today.", "Call 0 2 0, 8 5 4 5, 8 2 0 0 today."),
        ("on +44 20 8545 8200", "on plus, 4 4, 2 0, 8 5 4 5, 8 2 0 0"),
        ("Write to complaints@larkfield.example.", "Write to complaints at larkfield dot example."),
        ("See https://larkfield.example/my-case.", "See larkfield dot example slash my hyphen case."),
        ("www.x.example", "www dot x dot example"),
        ("Commissioner (ico.org.uk), free.", "Commissioner (ico dot org dot uk), free."),
        ("at app.netfuse.net. Then", "at app dot netfuse dot net. Then"),
        ("ico.org.uk/make-a-complaint", "ico dot org dot uk slash make hyphen a hyphen complaint"),
        ("It rained.It poured, e.g. on P.O. Box 7", "It rained.It poured, e.g. on P.O. Box 7"),
        (
            "https://a.example/in/k7QmV2xR",
            "a dot example slash in slash k 7 capital Q m capital V 2 x capital R",
        ),
        ("https://a.example/ab12", "a dot example slash a b 1 2"),
        (
            "£31.19, £1, £1,200 and -£3.05",
            "31 pounds 19 pence, 1 pound, 1,200 pounds and minus 3 pounds 5 pence",
        ),
        ("€2.50 and $5", "2 euros 50 cents and 5 dollars"),
        ("Your reference LB-4F7-2KQ, at LK1 2AB", "Your reference L B, 4 F 7, 2 K Q, at L K 1 2 A B"),
        ("account 123456789", "account 1 2 3, 4 5 6, 7 8 9"),
        ("Thursday 9 April 2026, 1 pm", "Thursday 9 April 2026, 1 P M"),
        ("8:05 am to 5:30 pm", "8 oh 5 A M to 5 30 P M"),
        (
            "from 09:00 to 18:30, 00:05, 12:00 and 24:00",
            "from 9 A M to 6 30 P M, 12 oh 5 A M, 12 noon and midnight",
        ),
        ("12:34 left, 12:34:56 and 1:23:45", "12 34 P M left, 12:34:56 and 1:23:45"),
        ("£31.50 × 2 ÷ 3 = £21", "31 pounds 50 pence times 2 divided by 3 equals 21 pounds"),
        ("16.5% in 2-3 days, 5–7 weeks", "16.5 per cent in 2 to 3 days, 5 to 7 weeks"),
        ("on 2026-11-02 and 12/10/2026", "on 2026-11-02 and 12/10/2026"),
        ("Ann & Bob", "Ann and Bob"),
        ("thanks 😀 Łódź 李", "thanks (grinning face) Łódź 李"),
    ],
)
def test_what_the_eye_takes_in_is_said_as_people_say_it(text: str, aloud: str) -> None:
    assert said(text) == aloud


def test_headings_lists_and_quotations_are_announced() -> None:
    blocks = (
        Heading("What we found"), Paragraph("Dear Ann,\nwe are sorry:"), Bullets(("one", "two.")),
        Details((("Phone", "0"),)), Quote("It rained in."), Link("Your case", "https://x.example/"),
    )  # fmt: skip
    assert script("Your complaint", blocks).split("\n\n") == [
        "Your complaint.", "Heading: What we found.", "Dear Ann,\nwe are sorry:", "A list of 2 things.", "1: one.",
        "2: two.", "Phone: 0.", "Quotation: It rained in.", "End of quotation.", "Your case: x dot example.\n",
    ]  # fmt: skip


def _letters(text: str) -> list[str]:
    return re.findall(r"[A-Za-z]{4,}", text)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_word_of_every_letter_is_said_in_its_order(example: Example) -> None:
    letter = write(example.letter, example.matter)
    assert isinstance(letter, Letter)
    aloud = iter(_letters(script(letter.subject, letter.blocks)))
    # Words of four letters and more; what is spelled out or a web address is said another way.
    words = re.sub(r"https?|\S*[A-Z0-9]{4}\S*", " ", f"{letter.subject}\n{letter.text()}")
    missing = [word for word in _letters(words) if word not in aloud]
    assert missing == []


@given(st.text(max_size=200))
def test_any_text_at_all_can_be_said(text: str) -> None:
    assert script(
        text, (Paragraph(text), Bullets((text,)), Details(((text, text),)), Link(text, text))
    ).endswith("\n")


@pytest.mark.parametrize(
    "unit", ["A", "A-", "1 ", "0 ", "a.", "a@", "www.", "£1,", "1-", "a1", "a-", "a.com", "12:"]
)
def test_what_a_stranger_repeats_takes_no_time_that_grows_with_its_square(unit: str) -> None:
    begun = time.process_time()
    said(unit * (100_000 // len(unit)))
    assert time.process_time() - begun < 5
