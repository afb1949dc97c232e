"""The provider's own words in letters: their versions, the difference of any two, and the next version, tried on letters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import ndiff
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.core.calendar import london_date
from amends.core.letters import Letter, write
from amends.core.letters.examples import examples
from amends.core.letters.own import OwnWords
from amends.core.letters.words_file import read_words
from amends.core.problems import Problem, Severity, Where
from amends.desk import books, stationery
from amends.desk.drafts import plain
from amends.desk.forms.files import FileText
from amends.desk.models import AdoptedWords
from amends.desk.people import names_at
from amends.desk.stationery import AdoptedOwn
from amends.desk.story import LETTER_TITLES
from amends.desk.views.code_versions import ADOPTS
from amends.desk.views.file_lines import lines_of
from amends.desk.views.here import KEEP, Here, console
from amends.desk.views.pages import back, show

FILE: Final = "words.yaml"
_MARKS: Final = {"+ ": "ins", "- ": "del", "  ": ""}


@dataclass(frozen=True, slots=True)
class Tried:
    """An example letter with the own words in it, in the shape in which pages show letters."""

    title: str
    subject: str
    words: dict[str, Any]


@console(roles=KEEP, methods=("GET", "HEAD", "POST"))
def letter_words(request: HttpRequest, here: Here) -> HttpResponse:
    """The versions, and the next one while it is written: what is wrong at which line, and letters with it."""
    if request.method != "POST":
        text = _begin(here)
        own, problems = _read(here, text)
        # What was adopted by an older program and is not read any more is told before anybody presses anything.
        told = text if problems else ""
        return _editor(request, here, FileText(initial={"text": text}), own, problems, told)
    form = FileText(request.POST)
    if not form.is_valid():
        return _editor(request, here, form, status=422)
    text = plain(form.cleaned_data["text"])
    own, problems = _read(here, text)
    return _editor(request, here, FileText({"text": text}), own, problems, text)


@console(roles=ADOPTS, methods=("POST",))
def adopt_letter_words(request: HttpRequest, here: Here) -> HttpResponse:
    """Put the words in force from their day."""
    form = FileText(request.POST)
    if not form.is_valid():
        return _editor(request, here, form, status=422)
    text = plain(form.cleaned_data["text"])
    own, problems = _read(here, text)
    if own is not None and not problems:
        done = stationery.adopt_words(text, FILE, by=here.id, now=here.now)
        if isinstance(done, AdoptedOwn):
            messages.success(request, _("The words are adopted. Letters say them from their day on."))
            return back(here, "letter-words")
        problems = done
    return _editor(request, here, FileText({"text": text}), None, problems, text, 422)


@console(roles=KEEP)
def letter_words_version(request: HttpRequest, here: Here, position: int) -> HttpResponse:
    """One version as it was adopted, with what changed since the one before it."""
    rows = AdoptedWords.objects.filter(provider=here.provider)
    row = rows.filter(position=position).first()
    if row is None:
        raise Http404(str(position))
    before = rows.filter(position__lt=position).order_by("-position").first()
    was = before.text.splitlines() if before else row.text.splitlines()
    found = [(_MARKS[line[:2]], line[2:]) for line in ndiff(was, row.text.splitlines()) if line[:2] in _MARKS]
    return show(
        request, here, "console/letter_words_version.html", at="house", row=row, before=before, lines=found,
    )  # fmt: skip


def _begin(here: Here) -> str:
    last = AdoptedWords.objects.filter(provider=here.provider).order_by("-position").first()
    if last is not None:
        return last.text
    day = london_date(here.now)
    return (
        f"words: {here.provider.pk}-letters\nprovider: {here.provider.pk}\nversion: '1'\n"
        f"in force from: {day.day} {day:%B %Y}\nletters:\n  acknowledgement:\n"
        "    after the greeting: We read every message ourselves.\n"
    )


def _read(here: Here, text: str) -> tuple[OwnWords | None, tuple[Problem, ...]]:
    """The words of a text, and everything that is wrong with it for this provider."""
    own, problems = read_words(text, FILE)
    if own is None or own.provider == here.provider.pk:
        return own, problems
    where = Where(
        FILE, next((n for n, x in enumerate(text.split("\n"), 1) if x.startswith("provider")), 1), 1
    )
    other = Problem(
        where, "ANOTHER_PROVIDER", Severity.BROKEN, f"These are words of “{own.provider}”.",
        "Whoever writes here writes for one provider only.", f"Write 'provider: {here.provider.pk}'.",
    )  # fmt: skip
    return own, (*problems, other)


def _editor(
    request: HttpRequest, here: Here, form: FileText, own: OwnWords | None = None,
    problems: tuple[Problem, ...] = (), text: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    names = names_at(here.provider.pk)
    rows = AdoptedWords.objects.filter(provider=here.provider).defer("text").order_by("-position")
    unread = stationery.unread_words(here.provider.pk, london_date(here.now))
    return show(
        request, here, "console/letter_words.html", at="house", status=status, form=form, checked=bool(text),
        problems=problems, lines=lines_of(text, problems) if text else [],
        ready=bool(text) and own is not None and not problems,
        unread=unread[0] if unread else None,
        letters=_tried(here, own) if text and own and not problems else [], may_adopt=here.may(ADOPTS),
        versions=[(row, names.get(row.adopted_by, row.adopted_by)) for row in rows],
    )  # fmt: skip


def _tried(here: Here, own: OwnWords) -> list[Tried]:
    """The first example of each letter that these words speak in, under the code of today."""
    adopted, _code = books.governing(here.provider.pk, london_date(here.now))
    found: dict[str, Tried] = {}
    for example in examples(books.book_of(adopted), here.provider.name):
        if example.letter in found or example.letter not in own.letters:
            continue
        made = write(example.letter, replace(example.matter, own=own))
        if isinstance(made, Letter):
            title = str(LETTER_TITLES.get(made.letter, made.letter))
            found[made.letter] = Tried(title, made.subject, made.to_json())
    return list(found.values())
