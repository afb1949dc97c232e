"""Promises of the boxes that rewrite a code file: the value alone changes, comments stay, nothing else is read otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.build import build
from amends.core.rewriting import About, CannotRewrite, rewrite, values
from amends.core.source import read, scalars

CODES = sorted((Path(__file__).parent.parent / "amends" / "codes").glob("*.yaml"))
EXAMPLE = next(path for path in CODES if path.name == "example.yaml").read_text()


def texts(text: str) -> list[tuple[tuple[str, ...], str]]:
    return [(path, node.text) for path, node in scalars(read(text, "")[0])]


def test_a_period_changes_on_its_line_and_every_other_line_stays() -> None:
    path = "clauses / L-acknowledge / within"
    made = rewrite(EXAMPLE, {path: "1 working day"})
    changed = [(a, b) for a, b in zip(EXAMPLE.split("\n"), made.split("\n"), strict=True) if a != b]
    assert changed == [("    within: 2 working days", "    within: 1 working day")]
    code, problems = build(made, "x")
    assert code is not None, problems


def test_what_changes_most_is_offered_by_what_it_is_about() -> None:
    found = {v.path: v for v in values(EXAMPLE)}
    assert found["version"].about is About.HEAD
    assert found["opening hours / helpline"].text.startswith("Monday to Friday 08:00-20:00; Saturday")
    assert found["contact / L-contact / phone / number"].text == "01632 960123"
    assert found["stages / 1"].text == "customer care team"
    assert found["stages / L-lead / role"].about is About.STAGES
    assert found["stages / L-lead / within"].about is About.PERIODS
    assert found["dispute resolution / after"].text == "6 weeks"
    assert not any(path.endswith(("/ id", "/ says")) for path in found)


def test_comments_quotes_and_brackets_are_kept() -> None:
    text = (
        "# mine\ncode: c  # its name\nversion: '1'\nopening hours:\n  office: Monday 09:00-17:00 # till five\n"
        "contact:\n  - id: a\n    webchat: {link: https://a.example, open: office}\n"
        "formats:\n  id: f\n  offered: [Braille, large print]  # so far\n"
    )  # fmt: skip
    made = rewrite(
        text,
        {
            "version": "2", "opening hours / office": "Monday 09:00-16:00", "in force from": "1 December 2026",
            "contact / a / webchat / link": "https://b.example/a, b", "formats / offered": "Braille\n\naudio\nBraille",
        },
    )  # fmt: skip
    assert made == (
        "# mine\ncode: c  # its name\nin force from: 1 December 2026\nversion: '2'\nopening hours:\n"
        "  office: Monday 09:00-16:00 # till five\ncontact:\n  - id: a\n"
        "    webchat: {link: 'https://b.example/a, b', open: office}\n"
        "formats:\n  id: f\n  offered: [Braille, audio]  # so far\n"
    )


def test_a_list_of_lines_keeps_the_comments_between_its_items() -> None:
    text = "formats:\n  offered:\n    # first\n    - Braille\n    - audio # spoken\n    - large print\nclauses: []\n"
    made = rewrite(text, {"formats / offered": "Braille\nlarge print\nEasy Read: yes"})
    assert made == (
        "formats:\n  offered:\n    # first\n    - Braille\n    - large print\n    - 'Easy Read: yes'\nclauses: []\n"
    )


@pytest.mark.parametrize("words", ["", "  ", "\n"])
def test_nothing_is_taken_away_by_an_empty_box(words: str) -> None:
    with pytest.raises(CannotRewrite, match="after"):
        rewrite(EXAMPLE, {"dispute resolution / after": words})
    with pytest.raises(CannotRewrite, match="nowhere"):
        rewrite(EXAMPLE, {"nowhere": "1"})
    assert values("- [") == ()


@given(st.sampled_from(values(EXAMPLE)), st.text(min_size=1, max_size=40))
def test_whatever_is_typed_is_read_back_as_typed_or_refused_and_moves_nothing_else(
    value: object, typed: str
) -> None:
    path, before = value.path, value.text  # type: ignore[attr-defined]  # hypothesis says nothing of the sample
    try:
        made = rewrite(EXAMPLE, {path: typed})
    except CannotRewrite:
        return
    was, now = texts(EXAMPLE), texts(made)
    if value.is_list:  # type: ignore[attr-defined]  # as above
        was, now = ([x for x in each if "offered" not in x[0]] for each in (was, now))
        assert was == now
        return
    assert len(was) == len(now)
    different = [(a, b) for a, b in zip(was, now, strict=True) if a != b]
    wanted = " ".join(typed.split())
    assert different == ([] if wanted == before else [(different[0][0], (different[0][0][0], wanted))])


@pytest.mark.parametrize("path", CODES, ids=lambda p: p.stem)
def test_every_value_of_every_code_can_be_written_anew(path: Path) -> None:
    text = path.read_text()
    for value in values(text)[:40]:
        if value.text:
            words = f"{value.text}\nMoon" if value.is_list else f"{value.text} x"
            assert "x" in rewrite(text, {value.path: words}) or value.is_list
