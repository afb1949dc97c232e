"""The map of rooms: what each module is for, in its own first line, written into README.md.

`python -m amends.rooms` says whether README.md is up to date (exit 1 if not); `--write` makes it so.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent
README = PACKAGE.parent / "README.md"
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


def room_map() -> str:
    """The map as Markdown: a table for each package, a row for each of its modules."""
    lines: list[str] = []
    for module in modules():
        name = module.relative_to(PACKAGE.parent)
        if module.name == "__init__.py":
            lines += [
                "",
                f"**`{name.parent}/`** {purpose(module)}",
                "",
                "| room | what it is for |",
                "| --- | --- |",
            ]
        else:
            lines.append(f"| [`{module.stem}`]({name}) | {purpose(module).replace('|', chr(92) + '|')} |")
    return "\n".join(lines).strip() + "\n"


def with_map(readme: str) -> str:
    """The README's text with the map of today between its two markers.

    Raises ValueError where a marker is missing or the two stand the wrong way round.
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{README.name} needs the lines {BEGIN} and {END}, in this order.")
    return f"{before}{BEGIN}\n\n{room_map()}\n{END}{after}"


def main(arguments: list[str]) -> int:
    """Compare README.md with the modules, or with `--write` bring it up to date."""
    committed = README.read_text(encoding="utf-8")
    today = with_map(committed)
    if arguments == ["--write"]:
        README.write_text(today, encoding="utf-8")
        return 0
    if committed != today:
        print("README.md's map of rooms is not that of the code. Mend: python -m amends.rooms --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
