"""`amends publish`: the code as a site that any web host can serve, in every format."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from amends.cli.codes import read_code, read_text
from amends.cli.said import Unusable, as_format, emit, note, say
from amends.core.calendar import london_date

if TYPE_CHECKING:
    from amends.core.problems import Problem
    from amends.core.schemes import Membership
    from amends.desk.code_site import Version


@click.command(short_help="Make a static site of a code, in every format.")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="The folder to write to."
)
@click.option("--on", "on", metavar="DATE", help="The day whose law the pages show; today if left out.")
@click.option("--scheme", default="", metavar="ID", help="The approved scheme that the provider belongs to.")
@click.option("--since", default="", metavar="DATE", help="The day from which it does.")
@click.option("--accent", default="", metavar="#RRGGBB", help="The provider's colour; it is made legible.")
@click.option(
    "--speech/--no-speech",
    default=True,
    show_default=True,
    help="A spoken file, where espeak-ng is installed.",
)
@click.option(
    "--contracted/--no-contracted",
    default=True,
    show_default=True,
    help="Contracted Braille too, where liblouis is installed.",
)
@as_format
def publish(  # noqa: PLR0913 - one argument for each option of the command
    files: tuple[str, ...], out: Path, on: str | None, scheme: str, since: str, accent: str,
    *, speech: bool, contracted: bool, as_json: bool,
) -> int:  # fmt: skip
    """Make a site of a code: pages, PDF, large print, Braille, plain text, a script to read aloud, JSON.

    Several files are several versions of one code. The folder is new or empty, or one that this command wrote before.
    A code that is against a rule of the day is published as it stands, with what applies today beside it; `amends
    check` names each problem at its line.

    \b
    Examples:
      amends publish amends/codes/example.yaml --out site
      amends publish 2025.yaml 2026.yaml --out site --scheme cisas --since 2020-01-01 --accent "#7a2e5d"
    """
    from amends.desk.code_site import NotOurFolder, site, write

    day = _day(on, "--on") if on else london_date(datetime.now(UTC))
    if accent and not re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        raise Unusable(f"--accent: {accent!r} is no colour: write it like #7a2e5d")
    memberships = _memberships(scheme, since)
    versions = _versions(files)
    made = site(versions, day, memberships=memberships, accent=accent, aloud=speech, contracted=contracted)
    try:
        write(made, out)
    except NotOurFolder as refused:
        raise Unusable(f"--out: {refused}") from refused
    except OSError as wrong:
        raise Unusable(f"--out: {out}: {wrong.strerror or wrong}") from wrong
    problems = [problem for file in files for problem in _problems(file, day, memberships)]
    _tell(made, out, day, versions, problems, as_json=as_json)
    if not memberships:
        note(
            "No scheme was given, so the page names every approved one: --scheme ID --since DATE names yours."
        )
    return 0


def _versions(files: tuple[str, ...]) -> list[Version]:
    from amends.desk.code_site import read_version

    if "-" in files:
        raise Unusable("-: a site is made from files, not from what is typed")
    codes = [read_code(file) for file in files]
    for code, file in zip(codes, files, strict=True):
        if (code.provider, code.id) != (codes[0].provider, codes[0].id):
            raise Unusable(
                f"{file}: holds {code.id} of {code.provider}, and {files[0]} {codes[0].id} of {codes[0].provider}: "
                "a site is made of versions of one code"
            )
        if [other.fingerprint for other in codes].count(code.fingerprint) > 1:
            raise Unusable(f"{file}: the same version stands in two files")
    return [read_version(read_text(file), file) for file in files]


def _memberships(scheme: str, since: str) -> tuple[Membership, ...]:
    from amends.core.schemes import Membership
    from amends.law import law

    if not scheme and not since:
        return ()
    known = [found.id for found in law().schemes]
    if scheme not in known:
        raise Unusable(f"--scheme: {scheme!r} is none of {', '.join(known)}")
    if not since:
        raise Unusable("--since: say from which day the provider belongs to the scheme, like 2020-01-01")
    return (Membership(scheme, _day(since, "--since")),)


def _day(words: str, where: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError as wrong:
        raise Unusable(f"{where}: {words!r} is no date: write it like 2026-04-08") from wrong


def _problems(file: str, day: date, memberships: tuple[Membership, ...]) -> tuple[Problem, ...]:
    from amends.core.check import judge
    from amends.core.problems import Severity
    from amends.law import law

    _, found = judge(read_text(file), file, law(), day, memberships)
    return tuple(problem for problem in found if problem.severity is not Severity.WARNING)


def _tell(
    made: Mapping[str, bytes], out: Path, day: date, versions: Sequence[Version], problems: Sequence[Problem],
    *, as_json: bool,
) -> None:  # fmt: skip
    if as_json:
        emit(
            {
                "out": str(out),
                "index": str(out / "index.html"),
                "as_of": day.isoformat(),
                "versions": [version.code.version for version in versions],
                "files": list(made),
                "bytes": sum(map(len, made.values())),
                "problems": [problem.as_json() for problem in problems],
            }
        )
        return
    say(f"{out / 'index.html'}: {len(made)} files, {sum(map(len, made.values())) / 1024 / 1024:.1f} MB")
    for problem in problems:
        say(f"{problem.where}: {problem.rule}: {problem.message}")
    if problems:
        say("The page says what applies today beside each of these. `amends check` tells how to mend them.")
