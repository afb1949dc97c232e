"""The map of rooms: what each module is for, in its own first line, written into README.md and docs/rooms.md.

`python -m amends.rooms` says whether both are up to date (exit 1 if not); `--write` makes them so.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent
README = PACKAGE.parent / "README.md"
ROOMS = PACKAGE.parent / "docs" / "rooms.md"
LETTERS = PACKAGE / "core" / "letters"
"""Each letter is a folder of it: two dozen rows that docs/letters.md gives better than a map."""
BEGIN = "<!-- rooms: written by `python -m amends.rooms --write` -->"
END = "<!-- end of rooms -->"


def modules() -> Iterator[Path]:
    """Every module of the package in the map's order: a package before its modules, migrations left out."""
    found = (path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(found, key=lambda path: (path.parent.parts, path.name != "__init__.py", path.name))


def purpose(module: Path) -> str:
    """The first line of the module's docstring, "" where it has none."""
    words = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    return words.splitlines()[0] if words else ""


def houses() -> str:
    """The packages as a Markdown table: the map that the README shows, where the folders of letters are one room."""
    lines = ["| rooms | what they are for |", "| --- | --- |"]
    lines += [
        f"| [`{_name(module.parent)}/`]({_name(module.parent)}) | {_cell(purpose(module))} |"
        for module in modules()
        if module.name == "__init__.py" and module.parent.parent != LETTERS
    ]
    return "\n".join(lines) + "\n"


def room_map() -> str:
    """Every module as Markdown: a table for each package, a row for each of its modules."""
    lines = ["# The map of rooms", "", BEGIN]
    for module in modules():
        if module.name == "__init__.py":
            name = f"**`{_name(module.parent)}/`**"
            lines += ["", f"{name} {purpose(module)}", "", "| room | what it is for |", "| --- | --- |"]
        else:
            lines.append(f"| [`{module.stem}`](../{_name(module)}) | {_cell(purpose(module))} |")
    return "\n".join(lines).strip() + "\n"


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


def with_map(readme: str) -> str:
    """The README's text with the map of today between its two markers.

    Raises ValueError where a marker is missing or the two stand the wrong way round.
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{README.name} needs the lines {BEGIN} and {END}, in this order.")
    return f"{before}{BEGIN}\n\n{houses()}\n{END}{after}"


def stale() -> dict[Path, str]:
    """The pages that are not those of today's code, with what they should say."""
    today = {README: with_map(README.read_text(encoding="utf-8")), ROOMS: room_map()}
    return {
        page: words
        for page, words in today.items()
        if not page.exists() or page.read_text(encoding="utf-8") != words
    }


def main(arguments: list[str]) -> int:
    """Compare the two pages with the modules, or with `--write` bring them up to date."""
    behind = stale()
    if arguments == ["--write"]:
        for page, words in behind.items():
            page.write_text(words, encoding="utf-8")
        return 0
    for page in behind:
        print(
            f"{_name(page)}: the map of rooms is not that of the code. Mend: python -m amends.rooms --write"
        )
    return 1 if behind else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
