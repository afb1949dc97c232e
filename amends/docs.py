"""Writes the pages that are made from the program, or checks that they are up to date.

`python -m amends.docs --write` writes them; `--check` names those that have fallen behind, and exits with 1.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from amends import kept
from amends.codes import EXAMPLE, SCHEMA
from amends.core.build import build
from amends.core.check import RULES
from amends.core.check.breaks import BREAKS, DOUBTS
from amends.core.letters import LETTERS, Missing, write
from amends.core.letters.examples import examples
from amends.core.rulebook import Rulebook
from amends.core.schema import json_schema, reference_markdown
from amends.desk.figures import as_markdown
from amends.law import calendars, law

ROOT = Path(__file__).parent.parent
BEGIN = "<!-- reference: written by `python -m amends.docs --write` from here -->"
END = "<!-- reference: to here -->"


def writing_a_code(page: str) -> str:
    """The guide with its reference part made anew; what a person wrote around it stays."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{reference_markdown()}\n{END}{after}"


def checks(_: str = "") -> str:
    """The list of everything that the check can find."""
    lines = [
        "# What the check finds",
        "",
        "This page is made from the program: `python -m amends.docs --write`.",
        "",
        "`amends check FILE` names every problem with its line, why it matters and how to mend it. **Broken** cannot be",
        "compiled and never loads; an **error** is against a rule of the day and loads only `--as-published`; a",
        "**warning** is lawful as far as is known, but unclear, unverified or unwise. A rule that no source was seen for",
        "only ever warns, and says that it is unverified. The rules cited are those of [regulation.md](regulation.md).",
        "",
        "## Broken",
        "",
        "| id | what it means |",
        "| --- | --- |",
        *(f"| `{rule}` | {means} |" for rule, means in BREAKS.items()),
        "",
        "## Errors and warnings",
        "",
        "| id | what it finds | rules |",
        "| --- | --- | --- |",
        *(f"| `{rule.id}` | {rule.finds} | {', '.join(rule.cites)} |" for rule in RULES),
        *(f"| `{rule}` | {means} | |" for rule, means in DOUBTS.items()),
        "",
    ]
    return "\n".join(lines)


def schema(_: str = "") -> str:
    """The JSON Schema as a file."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def reports(page: str) -> str:
    """How the figures of reports are counted; what a person wrote around it stays."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{as_markdown()}\n{END}{after}"


def letters(_: str = "") -> str:
    """Every letter with what it is for, what it needs, and an example of each under the model code."""
    code, _problems = build(EXAMPLE.read_text("utf-8"), EXAMPLE.name)
    assert code is not None, "the model code compiles"
    told = examples(Rulebook(code, law(), calendars()[code.nation]))
    lines = [
        "# The letters",
        "",
        "This page is made from the program: `python -m amends.docs --write`. A letter is written from the facts of its",
        "case, the code and the law of the day, in a folder of its own in `amends/core/letters`; a provider adds words,",
        "and cannot take a required part away ([own words](letter-words.md)). Each goes in every format",
        "([formats](formats.md)). The examples",
        "are those of the tests and of the previews; people, numbers and addresses in them are invented.",
        "",
        "| letter | id | what it is for | leaves by itself |",
        "| --- | --- | --- | --- |",
        *(
            f"| [{kind.title}](#{kind.id}) | `{kind.id}` | {kind.says} | {'yes' if kind.automatic else ''} |"
            for kind in LETTERS
        ),
        "",
    ]
    for kind in LETTERS:
        its = [each for each in told if each.letter == kind.id]
        lines += [
            f'<a id="{kind.id}"></a>',
            "",
            f"## {kind.title}",
            "",
            f"{kind.says} It cannot be written without: {', '.join(parameter.name for parameter in kind.parameters)}.",
            "",
            *(f"- {each.name}: {each.shows}" for each in its),
            "",
        ]
        written = write(its[0].letter, its[0].matter)
        assert not isinstance(written, Missing), "every example can be written under the model code"
        said = "\n".join(line.rstrip() for line in written.text().splitlines())
        lines += [f"```text\n{written.subject}\n\n{said.strip()}\n```", ""]
    return "\n".join(lines)


PAGES: tuple[tuple[Path, Callable[[str], str]], ...] = (
    (ROOT / "docs" / "writing-a-code.md", writing_a_code),
    (ROOT / "docs" / "checks.md", checks),
    (ROOT / "docs" / "reports.md", reports),
    (ROOT / "docs" / "letters.md", letters),
    (ROOT / "docs" / "clauses.md", kept.page),
    (SCHEMA, schema),
)


def behind() -> tuple[Path, ...]:
    """The pages that differ from what the program says today."""
    return tuple(
        path for path, make in PAGES if not path.exists() or path.read_text("utf-8") != make(_old(path))
    )


def main(arguments: list[str] | None = None) -> int:
    """Write or check the pages. Gives the exit code: 0 when all is well, 1 when a page has fallen behind."""
    parser = argparse.ArgumentParser(prog="python -m amends.docs", description=__doc__)
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--write", action="store_true", help="write the pages")
    choice.add_argument("--check", action="store_true", help="name the pages that have fallen behind")
    if parser.parse_args(arguments).write:
        for path, make in PAGES:
            path.write_text(make(_old(path)), "utf-8")
        return 0
    late = behind()
    for path in late:
        sys.stdout.write(f"{path.relative_to(ROOT)} has fallen behind: run python -m amends.docs --write\n")
    return 1 if late else 0


def _old(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    raise SystemExit(main())
