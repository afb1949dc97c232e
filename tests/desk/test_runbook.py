"""The runbook as the console shows it reads like a page, not like its source."""

from __future__ import annotations

from amends.desk.runbook import sections_of_runbook


def test_the_runbook_is_shown_in_paragraphs_and_steps_without_the_marks_of_its_file() -> None:
    sections = sections_of_runbook()
    assert len(sections) > 20
    assert len({section.anchor for section in sections}) == len(sections)
    for section in sections:
        assert any(part.numbered for part in section.parts), section.heading
        for part in section.parts:
            for words in part.words:
                said = "".join(words for words, _typed in words)
                assert said, section.heading
                assert not any(mark in said for mark in ("`", "](", "\n", "  ")), said
    typed = [
        words
        for each in sections
        for part in each.parts
        for one in part.words
        for words, typed in one
        if typed
    ]
    assert any(words.startswith("amends ") for words in typed)
