"""Where each promise of the five codes is kept: its line in the code file, its place on the page, the test that plays it.

`docs/clauses.md` is the list of promises as people wrote it; what stands beside each is looked up here. A test cites a
promise by naming its id within the test.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from amends.codes import PUBLISHED
from amends.core.build import build
from amends.core.code import Code

ROOT = Path(__file__).parent.parent
SHOWN = 3
"""So many tests are named for a promise, stories first; of the rest it says how many there are."""
STORIES = ("desk", "browser")
"""The folders whose tests play at the real desk: those of the first run on both databases."""
NOT_PLAYED = "none yet"

_ID = re.compile(r"(?<![\w-])[NFSOIA]-[a-z0-9]+(?:-[a-z0-9]+)*(?![\w-])")
_ROW = re.compile(r"\| (?P<id>[NFSOIA]-[a-z0-9-]+) \| (?P<promise>[^|]*) \|(?: (?P<does>[^|]*) \|)?.*")
_CODES = dict(zip("NFSOI", PUBLISHED, strict=True))
"""The code file in which promises of this letter stand."""
_HEADER = "| id | promise | | code file | page | tests |", "| --- | --- | --- | --- | --- | --- |"
_OURS = "| id | promise | tests |", "| --- | --- | --- |"


def page(text: str) -> str:
    """The page with what stands beside each promise made anew; the promises stay as they were written."""
    cited = citations()
    codes = {letter: _code(path) for letter, path in _CODES.items()}
    lines = text.splitlines()
    for number, line in enumerate(lines):
        row = _ROW.fullmatch(line)
        if row is None:
            continue
        ours = row["id"].startswith("A-")
        if lines[number - 1].startswith("| ---"):
            lines[number - 2 : number] = _OURS if ours else _HEADER
        tests = _named(cited.get(row["id"], []), asked=ours or acts(row["does"]))
        beside = (tests,) if ours else (row["does"], *_where(row["id"], codes), tests)
        lines[number] = f"| {' | '.join((row['id'], row['promise'], *beside))} |"
    return "\n".join(lines) + "\n"


def acts(does: str) -> bool:
    """Whether the system does something about a promise, by the third column; else its code only says it."""
    return does.startswith("does")


def acted_on(text: str) -> tuple[str, ...]:
    """The ids of the promises on the page that the system acts on."""
    rows = (_ROW.fullmatch(line) for line in text.splitlines())
    return tuple(r["id"] for r in rows if r and (r["id"].startswith("A-") or acts(r["does"])))


def citations(folder: Path | None = None) -> dict[str, list[str]]:
    """The tests that name a promise, as links from `docs`, by its id: stories first, then by their files and lines."""
    found: dict[str, list[str]] = defaultdict(list)
    root = (folder or ROOT / "tests").resolve()
    for path in sorted(root.rglob("test_*.py")):
        for name, words in _tests(path.read_text("utf-8")):
            for promise in dict.fromkeys(_ID.findall(words)):
                found[promise].append(f"[{name}](../{path.relative_to(root.parent).as_posix()})")
    return {promise: sorted(tests, key=lambda test: not is_story(test)) for promise, tests in found.items()}


def is_story(test: str) -> bool:
    """Whether a test, as `citations` names it, plays at the real desk; others ask one room alone."""
    return any(f"/tests/{folder}/" in test for folder in STORIES)


def _tests(source: str) -> Iterator[tuple[str, str]]:
    """The tests of a module with their whole text: decorators, docstring and body."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            first = min((d.lineno for d in node.decorator_list), default=node.lineno)
            yield node.name, "\n".join(lines[first - 1 : node.end_lineno])


def _code(path: Path) -> Code:
    code, problems = build(path.read_text("utf-8"), path.name)
    assert code is not None, problems
    return code


def _where(promise: str, codes: Mapping[str, Code]) -> tuple[str, str]:
    """Its line in the code file, and the part of the published page in which it stands, at an anchor of its own."""
    code, path = codes[promise[0]], _CODES[promise[0]]
    clause = code.clause(promise)
    assert clause is not None, f"{promise} stands in no clause of {path.name}"
    line = clause.where.line
    return (
        f"[{path.name} {line}](../amends/codes/{path.name}#L{line})",
        f"{clause.section}: `/code/#{promise}`",
    )


def _named(tests: Sequence[str], *, asked: bool) -> str:
    if not tests:
        return NOT_PLAYED if asked else ""
    more = f" and {len(tests) - SHOWN} more" if len(tests) > SHOWN else ""
    return ", ".join(tests[:SHOWN]) + more
