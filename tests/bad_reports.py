"""The reports that stand at the end of each file in tests/bad, and the command that writes them anew.

`python -m tests.bad_reports --write` sets every report to what the program says today; read the difference before
keeping it.
"""

import re
import sys
from datetime import date
from pathlib import Path

from amends.core.check import judge
from amends.core.law import Membership
from amends.core.problems import Problem
from amends.law import law

BAD = Path(__file__).parent / "bad"
GOOD = Path(__file__).parent / "good"
TODAY = date(2026, 11, 22)
EXPECTED = "# --- expected ---\n"
_ON = re.compile(r"^# judged on: (\S+)$", re.MULTILINE)
_BELONGS = re.compile(r"^# the provider belongs to: (\S+) since (\S+)$", re.MULTILINE)


def problems_of(text: str, file: str) -> tuple[Problem, ...]:
    """What the program finds, on the day and with the membership that the file names."""
    on = _ON.search(text)
    belongs = _BELONGS.search(text)
    memberships = (Membership(belongs[1], date.fromisoformat(belongs[2])),) if belongs else ()
    _, problems = judge(text, file, law(), date.fromisoformat(on[1]) if on else TODAY, memberships)
    return problems


def report(problems: tuple[Problem, ...]) -> str:
    """The problems as comments."""
    lines: list[str] = []
    for problem in problems:
        lines += [
            f"# {problem.where.line}:{problem.where.column} {problem.severity} {problem.rule}",
            f"#   {problem.message}",
            f"#   why: {problem.why}",
            f"#   mend: {problem.mend}",
        ]
    return "\n".join(lines) + "\n"


def renewed(path: Path) -> str:
    """The file with its report as the program gives it today."""
    body = path.read_text("utf-8").partition(EXPECTED)[0]
    return f"{body}{EXPECTED}{report(problems_of(body + EXPECTED, path.name))}"


def main() -> int:
    if sys.argv[1:] != ["--write"]:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    for path in sorted(BAD.glob("*.yaml")):
        path.write_text(renewed(path), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
