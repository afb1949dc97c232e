"""An example of a question that is asked once more."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import facts as f
from amends.core.letters.kind import Shown
from amends.core.letters.question.examples import WANTED
from amends.core.letters.story import handled, moment
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    silent = handled(book, name)
    silent.told(11, 10, 10, 0, f.QuestionAsked, question="q1", answer_by=moment(11, 17, 0, 0), words=WANTED)
    yield "no answer came", "we ask once more", silent.matter(11, 18, 0)
