"""Promises about the code base itself."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest

from amends import rooms

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements" / "run.txt"

# In pieces, so that this file may name them and still be searched.
INDEX_HOSTS = ("pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "deb.debian" + ".org")
WORKPLACE = "/wo" + "rk/"
SOMEBODYS_MACHINE = re.compile(
    rf"/(?:home|Users)/\w+/|/(?:root)/\w|{WORKPLACE}(?:main|shared)|\.\./(?:shared)\b"
)
UNFINISHED = re.compile(r"\b(?:TO[D]O|FIX[M]E|X[X]X)\b")

# Licences under which anybody may use, change and sell a desk. LGPL is met by importing psycopg as it is.
ALLOWED_LICENCES = re.compile(
    r"\b(?:MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public|LGPL|Lesser General Public)",
    re.IGNORECASE,
)
FORBIDDEN_LICENCES = re.compile(r"\b(?:AGPL|GPL-?\d|GNU (?:Affero )?General Public)", re.IGNORECASE)


def committed() -> Iterator[Path]:
    """Every file that belongs to the project: what .gitignore leaves out is not looked into."""
    ignored = {".git", *((ROOT / ".gitignore").read_text().replace("/", "").split())}
    folders = [ROOT]
    while folders:
        for path in folders.pop().iterdir():
            if any(path.match(name) for name in ignored):
                continue
            if path.is_dir():
                folders.append(path)
            else:
                yield path


def readable() -> Iterator[tuple[Path, str]]:
    """Every committed file that is text, with its words."""
    for path in committed():
        content = path.read_bytes()
        if b"\0" not in content:
            yield path, content.decode("utf-8", errors="replace")


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path, words in readable()
        for number, line in enumerate(words.splitlines(), 1)
        if pattern.search(line)
    ]


def test_every_module_says_in_one_line_what_it_is_for() -> None:
    lines = {path.relative_to(ROOT): rooms.purpose(path) for path in rooms.modules()}
    assert len(lines) > 3
    assert [str(path) for path, line in lines.items() if not line.endswith((".", "?", "`", ":"))] == []


def test_the_map_of_rooms_is_that_of_the_code() -> None:
    assert list(rooms.stale()) == [], "Mend: python -m amends.rooms --write"


def imported(path: Path) -> Iterator[str]:
    """The modules that a module imports, wherever in it, each with what it takes of them."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_no_room_but_the_addresses_reaches_into_the_pages() -> None:
    """What a page and another room both need stands below the pages, where both find it."""
    desk = ROOT / "amends" / "desk"
    below = [path for path in desk.rglob("*.py") if desk / "views" not in path.parents]
    reaches = {
        str(path.relative_to(desk))
        for path in below
        for name in imported(path)
        if ".desk.views" in f".{name}"
    }
    assert len(below) > 100
    assert reaches == {"urls.py"}


def test_a_map_without_its_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="needs the lines"):
        rooms.with_map(f"{rooms.END}\n{rooms.BEGIN}\n")


def test_no_file_names_a_package_index() -> None:
    assert lines_with(re.compile("|".join(map(re.escape, INDEX_HOSTS)))) == []


def test_no_file_knows_somebodys_machine() -> None:
    assert lines_with(SOMEBODYS_MACHINE) == []


def test_nothing_is_left_for_later() -> None:
    assert lines_with(UNFINISHED) == []


def test_the_core_opens_no_file_and_asks_nobody() -> None:
    """What the import contracts cannot see, for these need no import."""
    forbidden = {"open", "input", "print", "exec", "eval", "__import__", "breakpoint"}
    called = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.func.id}"
        for path in rooms.modules()
        if path.is_relative_to(rooms.PACKAGE / "core")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in forbidden
    ]
    assert called == []


def test_the_purity_lint_fires() -> None:
    """Each breach that core/ruff.toml names is reported with the sentence that tells what to do instead."""
    breach = (
        "import os\nimport random\nimport time\nfrom datetime import UTC, date, datetime\n\n"
        "from django.db import models\n\nnow = datetime.now(UTC)\ntoday = date.today()\n"
    )
    command = [str(Path(sys.executable).parent / "ruff"), "check", "--no-cache", "--select", "TID251"]
    done = subprocess.run(
        [*command, "--output-format", "concise", "--stdin-filename", "amends/core/breach.py", "-"],
        input=breach,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    said = {int(line.split(":")[1]): line for line in done.stdout.splitlines() if "breach.py:" in line}
    assert set(said) == {1, 2, 3, 6, 8, 9}
    assert "no Django" in said[6]
    assert "take `now` as an argument" in said[8]
    assert "take `today` as an argument" in said[9]


def test_every_ruff_rule_that_is_off_has_its_reason() -> None:
    for path in (ROOT / "pyproject.toml", rooms.PACKAGE / "core" / "ruff.toml"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.fullmatch(r'\s+"[A-Z]+\d*",.*', line):
                assert re.search(r"# .{10,}", line), f"{path.name}: {line.strip()}"


def test_every_exception_to_a_check_has_its_reason() -> None:
    """`noqa` and `type: ignore` each name what they allow and say why."""
    codes = r": [A-Z]+\d+(?:, [A-Z]+\d+)*|\[[\w, -]+\]"
    silenced = re.compile(rf"# (?:noqa|type: ignore)(?P<what>{codes})?(?P<why>.*)")
    unexplained = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path, words in readable()
        if path.suffix == ".py" and path != Path(__file__)
        for found in silenced.finditer(words)
        if not found["what"] or len(found["why"]) < 12
    ]
    assert unexplained == []


def names(lines: list[str]) -> set[str]:
    """Package names as the index compares them, without versions, extras, comments or includes."""
    found = (re.match(r"[A-Za-z][\w.-]*", line) for line in lines)
    return {re.sub(r"[-_.]+", "-", match[0]).lower() for match in found if match}


def test_the_package_and_the_lock_ask_for_the_same_libraries() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert names(project["dependencies"]) == names(
        (ROOT / "requirements" / "run.in").read_text().splitlines()
    )


@pytest.mark.parametrize("lock", ["run", "dev"])
def test_every_locked_version_has_its_hash_and_no_address(lock: str) -> None:
    words = (ROOT / "requirements" / f"{lock}.txt").read_text()
    pins = re.split(r"\n(?=\S)", words.strip())
    whole = re.compile(r"[\w.-]+==\S+( ; [^\n]+)? \\\n +--hash=sha256:[0-9a-f]{64}")
    assert len(pins) > 10
    assert [pin for pin in pins if not whole.match(pin)] == []
    assert "://" not in words


def test_the_test_lock_holds_the_very_versions_that_a_desk_runs() -> None:
    def pins(lock: str) -> set[str]:
        return set(
            re.findall(
                r"^[\w.-]+==[^ \n]+", (ROOT / "requirements" / f"{lock}.txt").read_text(), re.MULTILINE
            )
        )

    assert pins("run") <= pins("dev")


def licence_of(package: Distribution) -> str:
    """What the package says of its licence, in the newest of the three places where it may."""
    about = package.metadata.json
    classifiers = [line for line in about.get("classifier", []) if line.startswith("License")]
    said = about.get("license_expression") or "; ".join(classifiers) or about.get("license", "")
    return str(said)[:200]


def test_what_a_desk_runs_on_may_be_used_by_anybody() -> None:
    run = names(LOCK.read_text().splitlines())
    installed = {
        names([package.name]).pop(): licence_of(package) for package in distributions() if package.name
    }
    licences = {name: installed[name] for name in run if name in installed}
    assert len(licences) > 15
    refused = {
        name: words
        for name, words in licences.items()
        if FORBIDDEN_LICENCES.search(words) or not ALLOWED_LICENCES.search(words)
    }
    assert refused == {}
