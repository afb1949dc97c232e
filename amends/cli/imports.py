"""`amends import`: customers and cases from files of other systems, looked at first, gone on after a crash."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from amends.cli.desk import open_desk, provider_named, time, with_now
from amends.cli.said import Unusable, as_format, emit, note, say
from amends.core.saying import counted

if TYPE_CHECKING:
    from datetime import datetime

    from amends.desk.imports.mapping import Mapped
    from amends.desk.imports.running import Bringer, Result, Verdict
    from amends.desk.models import Provider

BY = "command line"
PROGRESS_EVERY = 1000


@click.group("import", short_help="Bring in what other systems know.")
def import_() -> None:
    """Bring in customers with what they have, and cases of another system. Nothing is sent by it."""


def _options(command: click.decorators.FC) -> click.decorators.FC:
    for option in (
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option("--provider", "slug", required=True, metavar="ID", help="Whose they are."),
        click.option("--dry-run", is_flag=True, help="Say what would happen to each row, and write nothing."),
        as_format,
        with_now,
    ):
        command = option(command)
    return command


@import_.command(short_help="Customers, accounts and services from a CSV file.")
@_options
def customers(*, file: Path, slug: str, dry_run: bool, as_json: bool, said: str | None) -> int:
    """Bring customers, accounts and services in from FILE, one row for each service.

    A row is brought in whole or not at all: a broken one is named by its line and field, and the others stand. Brought in
    again, the same file changes nothing; broken off, it goes on where it was. Exit 1 where a row is broken.

    \b
    Examples:
      amends import customers crm.csv --provider larkfield --dry-run
      amends import customers crm.csv --provider larkfield --format json
    """
    open_desk()
    from amends.desk.imports.customers import Customers

    provider, now = provider_named(slug), time(said)
    return _bring(file, provider, Customers(provider, BY, now), now, dry=dry_run, as_json=as_json)


@import_.command(short_help="Open and closed cases of another system, from a CSV file and a mapping.")
@click.option(
    "--mapping", "mapping_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Which of the file’s columns is which; kept with its source.",
)  # fmt: skip
@click.option("--source", metavar="NAME", help="A source that came before: its mapping is used again.")
@_options
def cases(
    *, file: Path, mapping_file: Path | None, source: str | None, slug: str, dry_run: bool, as_json: bool, said: str | None
) -> int:  # fmt: skip
    """Bring cases in from FILE: each row a case, or one more contact of it; the rows of one case stand together.

    Law clocks run from the first receipt that the file gives. Nothing is sent: letters that are owed are decided and held;
    `amends mail show` tells them by kind and age, and `amends mail release` asks per kind. Exit 1 where a row is broken.

    \b
    Examples:
      amends import cases zendesk.csv --mapping zendesk.yaml --provider larkfield --dry-run
      amends import cases more.csv --source Zendesk --provider larkfield
    """
    open_desk()
    from amends.desk.imports.cases import Cases

    provider, now = provider_named(slug), time(said)
    bringer = Cases(provider, _mapped(provider, mapping_file, source), BY, now)
    status = _bring(file, provider, bringer, now, dry=dry_run, as_json=as_json)
    if bringer.late:
        owes = "owes" if len(bringer.late) == 1 else "owe"
        note(f"{counted(len(bringer.late), 'case')} {owes} an ADR letter now: {', '.join(bringer.late[:10])}")
    return status


def _mapped(provider: Provider, file: Path | None, source: str | None) -> Mapped:
    """The mapping that a file gives, or that came with the source before. Raises Unusable."""
    from amends.desk.imports.mapping import read
    from amends.desk.imports.reading import Unreadable
    from amends.desk.models import ImportRun

    if (file is None) == (source is None):
        raise Unusable("say --mapping FILE, or --source of one that came before")
    if file is not None:
        text = file.read_text(encoding="utf-8", errors="replace")
    else:
        runs = ImportRun.objects.filter(provider=provider, what="cases", source=source).order_by("-id")
        text = runs.values_list("mapping", flat=True).first() or ""
        if not text:
            raise Unusable(f"no cases came from {source!r} yet: give its mapping with --mapping")
    try:
        return read(text)
    except Unreadable as wrong:
        raise Unusable(f"{file or source}: {wrong}") from wrong


def _bring(
    file: Path, provider: Provider, bringer: Bringer, now: datetime, *, dry: bool, as_json: bool
) -> int:
    from amends.desk.imports.reading import Unreadable
    from amends.desk.imports.running import BROKEN, run

    with file.open("rb") as open_file:
        try:
            result = run(
                provider, open_file, bringer, dry=dry, by=BY, now=now, name=file.name, progress=_progress()
            )
        except Unreadable as wrong:
            raise Unusable(f"{file.name}: {wrong}") from wrong
    if as_json:
        emit(as_value(result, dry=dry))
    else:
        _say(result, dry=dry)
    return 1 if result.counts[BROKEN] else 0


def as_value(result: Result, *, dry: bool) -> dict[str, object]:
    """What an import did, or would do, as JSON tells it."""
    return {
        "dry_run": dry, "rows": result.rows, "skipped": result.skipped, "encoding": result.encoding,
        "columns_not_read": list(result.unknown), "counts": dict(result.counts),
        "broken": [_told(v) for v in result.broken], "warnings": [_told(v) for v in result.warnings],
        "samples": [{"line": v.line, "key": v.key, "verdict": v.verdict, "told": v.told} for v in result.samples],
    }  # fmt: skip


def _told(verdict: Verdict) -> dict[str, object]:
    wrong = [{"field": w.field, "what": w.what} for w in verdict.wrong]
    return {"line": verdict.line, "key": verdict.key, "wrong": wrong}


def _say(result: Result, *, dry: bool) -> None:
    for verdict in result.broken:
        for wrong in verdict.wrong:
            say(f"line {verdict.line}: {wrong.field}: {wrong.what}")
    for verdict in result.warnings:
        for wrong in verdict.wrong:
            say(f"line {verdict.line}: {wrong.field}: {wrong.what} (kept as it is written)")
    if result.unknown:
        note(f"columns that are not read: {', '.join(result.unknown)}")
    if result.skipped:
        note(f"{counted(result.skipped, 'row')} had been dealt with before it broke off")
    counts = result.counts
    did = "would be" if dry else "are"
    say(
        f"{counted(result.rows, 'row')}, {result.encoding}: {counts['new']} {did} new, {counts['changed']} changed, "
        f"{counts['same']} the same, {counts['broken']} broken and left out"
    )
    if dry:
        say("Nothing was written: leave out --dry-run to bring them in.")


def _progress() -> Callable[[int], None] | None:
    if not sys.stderr.isatty():
        return None

    def show(count: int) -> None:
        if count % PROGRESS_EVERY < 200:
            click.echo(f"\r{counted(count, 'row')}", err=True, nl=False)

    return show
