"""`amends words`: a provider's own words for its letters, checked and put in force like its code."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

import click

from amends.cli.codes import read_text
from amends.cli.desk import open_desk, time
from amends.cli.said import as_format, emit, note, say

if TYPE_CHECKING:
    from amends.core.problems import Problem

BY = "command line"


@click.group(short_help="A provider's own words for its letters.")
def words() -> None:
    """A provider's own words for its letters, in files: checked, put in force from a day on, listed."""


@words.command("check")
@click.argument("file", metavar="FILE")
@as_format
def check_words(file: str, *, as_json: bool) -> int:
    """Say everything that is wrong with a file of own words: where, what, why it matters and how to mend it.

    Exit 0 when nothing is, 1 when something is: such a file never loads.

    \b
    Example:
      amends words check larkfield-letters.yaml
    """
    from amends.core.letters.words_file import read_words

    own, problems = read_words(read_text(file), file)
    if as_json:
        emit([problem.as_json() for problem in problems])
    elif own is not None:
        say(f"{file}: {own.id} {own.version}, words for {', '.join(own.letters)}")
    if not as_json:
        _say(problems)
    return 0 if own is not None else 1


@words.command("adopt")
@click.argument("file", metavar="FILE")
def adopt_words(file: str) -> int:
    """Put a file of own words in force from its day on, for its provider, and print what is in force as JSON.

    A file with anything wrong in it is refused (exit 1). Letters that were decided before keep their words.

    \b
    Example:
      amends words adopt larkfield-letters.yaml
    """
    text = read_text(file)
    open_desk()
    from amends.desk import stationery

    answer = stationery.adopt_words(text, file, by=BY, now=time(None))
    if isinstance(answer, stationery.AdoptedOwn):
        emit(answer.as_json())
        return 0
    _say(answer)
    emit({"refused": [problem.as_json() for problem in answer]})
    return 1


@words.command("list")
@as_format
def list_words(*, as_json: bool) -> int:
    """List the own words of every provider, in the order of their adoption.

    \b
    Example:
      amends words list --format json
    """
    open_desk()
    from amends.desk.models import AdoptedWords

    rows = [
        {
            "provider": row.provider_id, "words": row.words, "version": row.version, "fingerprint": row.fingerprint,
            "in_force_from": row.in_force_from.isoformat(),
            "adopted_at": row.adopted_at.astimezone(UTC).isoformat(), "adopted_by": row.adopted_by,
        }
        for row in AdoptedWords.objects.order_by("provider", "position")
    ]  # fmt: skip
    if as_json:
        emit(rows)
    for row in () if as_json else rows:
        say(f"{row['provider']}: {row['words']} {row['version']}, in force from {row['in_force_from']}")
    return 0


@words.command("places")
def places() -> int:
    """Print what may be said in own words: each letter with its places, and its sentences by their names.

    \b
    Example:
      amends words places
    """
    from amends.core.letters import LETTERS
    from amends.core.letters.own import Place

    for kind in LETTERS:
        if kind.takes_own_words:
            say(f"{kind.id}: {', '.join(Place)}")
            for name, sentence in kind.optional.items():
                say(f"  instead of, {name}: {sentence}")
    return 0


def _say(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        note(f"{problem.where}: {problem.severity} {problem.rule}: {problem.message} Mend: {problem.mend}")
