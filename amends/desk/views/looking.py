"""Looking at a letter before it is sent: the action is taken as it would be, what would leave is read, and all is undone.

So the preview cannot differ from what is sent: it is the same action, the same words, the same way and format.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.http import HttpResponse
from pypdf import PdfReader, PdfWriter

from amends.core.letters.blocks import clean
from amends.core.letters.sentences.phrases import own_words
from amends.desk import documents, ledger
from amends.desk.forms.case_form import CaseForm
from amends.desk.models import Outgoing
from amends.desk.opened import Opened
from amends.desk.story import LETTER_TITLES, PRIVATE_LETTERS, tell
from amends.desk.views.case import papers
from amends.desk.views.here import Here


@dataclass(frozen=True, slots=True)
class WouldLeave:
    """A letter as it would leave, with its title and what a person prints of it."""

    title: str
    letter: Outgoing

    @property
    def yours(self) -> bool:
        """Whether words of the person stand in it, which they can still change."""
        return any(block["yours"] for block in self.letter.words["blocks"])


@dataclass(frozen=True, slots=True)
class Seen:
    """What would happen: the letters, and everything that would stand on the case, in words."""

    letters: tuple[WouldLeave, ...]
    happens: tuple[str, ...]

    @property
    def yours(self) -> bool:
        """Whether words of the person stand in one of them."""
        return any(each.yours for each in self.letters)

    @property
    def by_post(self) -> bool:
        """Whether one of them would be printed."""
        return any(each.letter.channel == "letter" for each in self.letters)


def look(act: Callable[[], object], here: Here, opened: Opened, form: CaseForm) -> Seen:
    """Take the action, read what would leave, and take it back. Raises whatever the action raises."""
    before = Outgoing.objects.filter(case=opened.row).aggregate(last=Max("pk"))["last"] or 0
    with transaction.atomic():
        act()
        found = Outgoing.objects.filter(case=opened.row, pk__gt=before).exclude(letter__in=PRIVATE_LETTERS)
        letters = list(found.select_related("case", "provider").order_by("pk"))
        added = ledger.load([opened.row.pk])[opened.row.pk][len(opened.facts) :]
        told = tell(added, papers(here, opened))
        transaction.set_rollback(True)
    yours = _typed(form.cleaned_data.values())
    for letter in letters:
        _mark(letter, yours)
    happens = tuple(dict.fromkeys(entry.what for _day, day in told for entry in day))
    return Seen(tuple(WouldLeave(LETTER_TITLES.get(x.letter, x.letter), x) for x in letters), happens)


def _typed(values: Iterable[object]) -> frozenset[str]:
    """What a person typed into the form, whole and in its paragraphs, as letters have it."""
    words = [value for value in values if isinstance(value, str) and value.strip()]
    parts = (block.text for text in words for block in own_words(text) if hasattr(block, "text"))
    return frozenset({*map(clean, words), *parts})


def _mark(letter: Outgoing, yours: frozenset[str]) -> None:
    """Mark the blocks that a person typed: they alone can be changed."""
    for block in letter.words["blocks"]:
        block["yours"] = block.get("text") in yours and block["kind"] in ("paragraph", "quote")


def as_pdf(letters: Sequence[WouldLeave]) -> HttpResponse:
    """The letters as they would be printed; kept nowhere."""
    writer = PdfWriter()
    for each in letters:
        for page in PdfReader(io.BytesIO(documents.preview(each.letter))).pages:
            writer.add_page(page)
    content = io.BytesIO()
    writer.write(content)
    answer = HttpResponse(content.getvalue(), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="preview.pdf"'
    return answer
