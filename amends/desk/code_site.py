"""A published code as a static site: every page and file by its place, and the folder that they are written to.

The folder may be new or empty, or one that was written so before: then what no longer belongs to the site is taken
out of it, and nothing else is touched.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from amends.core.build import build
from amends.core.calendar import Calendar
from amends.core.code import Code
from amends.core.publish.around import Around, Edition, Offer
from amends.core.publish.json_schema import SCHEMA_NAME, json_schema
from amends.core.publish.parts import dates_in_force
from amends.core.publish.press import publish
from amends.core.publish.published import PublishedCode, Standing
from amends.core.publish.site import ASSETS, SCRIPT, Shell, front, not_found, version
from amends.core.schemes import Membership
from amends.core.source import MappingNode, read
from amends.desk.accent import shades
from amends.desk.code_files import code_files
from amends.law import calendars, law

MANIFEST: Final = "manifest.json"
"""Names every file of the site with its SHA-256; by it a folder is known as one of ours."""

_HERE = Path(__file__).parent
_STATIC = _HERE / "static" / "desk"
_LONGEST_SLUG = 40


class NotOurFolder(Exception):
    """The folder holds something that this program did not write. The words name it."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a code with the text that it was compiled from."""

    code: Code
    source: MappingNode


def read_version(text: str, file: str) -> Version:
    """The version that a text holds. Raises ValueError for a text that is broken: whoever asks has checked it."""
    code, _ = build(text, file)
    source, _ = read(text, file)
    if code is None or not isinstance(source, MappingNode):
        raise ValueError(f"{file} does not compile")
    return Version(code, source)


def in_order(versions: Sequence[Version]) -> tuple[Version, ...]:
    """The versions, the oldest first; those without a date in the order in which they were given, before the dated."""
    return tuple(sorted(versions, key=lambda v: v.code.in_force_from or date.min))


def site(
    versions: Sequence[Version],
    on: date,
    *,
    memberships: tuple[Membership, ...] = (),
    accent: str = "",
    aloud: bool = False,
    contracted: bool = False,
) -> Mapping[str, bytes]:
    """Every file of the site by its path. The same versions on the same day give the same bytes.

    `accent` is the provider's colour as `#rrggbb`, made legible; with `aloud` the code is spoken too where a voice is
    installed, with `contracted` it stands in contracted Braille too where liblouis is. All versions are of one code.
    """
    if not versions:
        raise ValueError("a site needs a version of a code")
    return _Site(in_order(versions), on, memberships, accent, aloud=aloud, contracted=contracted).files()


def published(
    versions: Sequence[Version],
    place: int,
    on: date,
    memberships: tuple[Membership, ...] = (),
    known: Mapping[str, Calendar] | None = None,
) -> PublishedCode:
    """The version at this place of versions in order, with what changed since the one before.

    `known` are the calendars by nation; without them those that come with the program.
    """
    version_ = versions[place]
    return publish(
        version_.code,
        version_.source,
        law(),
        on,
        calendar=(known or calendars())[version_.code.nation],
        memberships=memberships,
        previous=versions[place - 1].code if place else None,
        next_from=next((v.code.in_force_from for v in versions[place + 1 :] if v.code.in_force_from), None),
    )


def current(codes: Sequence[PublishedCode]) -> int:
    """Which of the versions in order is in force: the newest that is, else the next to come, else the last there was."""
    for standing in (Standing.IN_FORCE, Standing.COMING):
        places = [place for place, code in enumerate(codes) if code.standing is standing]
        if places:
            return places[-1] if standing is Standing.IN_FORCE else places[0]
    return len(codes) - 1


def is_in_force(codes: Sequence[PublishedCode], place: int) -> bool:
    """Whether the version at this place is in force, and not only the next to come or the last there was."""
    return codes[place].standing is Standing.IN_FORCE


def slugs(codes: Sequence[PublishedCode]) -> tuple[str, ...]:
    """The folder of each version: the date from which it is in force, else its name."""
    found: list[str] = []
    for code in codes:
        plain = re.sub(r"[^a-z0-9]+", "-", code.version.lower()).strip("-")[:_LONGEST_SLUG]
        named = f"version-{plain}" if plain.isdecimal() else plain or code.fingerprint[:8]
        slug = code.in_force_from.isoformat() if code.in_force_from else named
        found.append(slug if slug not in found else f"{slug}-{code.fingerprint[:8]}")
    return tuple(found)


def label(code: PublishedCode) -> str:
    """What a version is called in a list of versions."""
    dates = dates_in_force(code)
    return f"Version {code.version}: {dates[0].lower()}{dates[1:]}"


class _Site:
    """One site while it is made."""

    def __init__(
        self,
        versions: tuple[Version, ...],
        on: date,
        memberships: tuple[Membership, ...],
        accent: str,
        *,
        aloud: bool,
        contracted: bool,
    ) -> None:
        self._codes = [published(versions, place, on, memberships) for place in range(len(versions))]
        self._slugs = slugs(self._codes)
        self._now = current(self._codes)
        self._accent = accent
        self._files = [
            code_files(code, f"{code.code}-{slug}", accent=accent, aloud=aloud, contracted=contracted)
            for code, slug in zip(self._codes, self._slugs, strict=True)
        ]

    def files(self) -> dict[str, bytes]:
        found = dict(
            sorted({**dict(self._pages()), **dict(self._downloads()), **dict(_assets(self._accent))}.items())
        )
        return {**found, MANIFEST: _manifest(found, self._codes[self._now])}

    def _pages(self) -> Iterator[tuple[str, bytes]]:
        now, slug = self._codes[self._now], self._slugs[self._now]
        yield (
            "index.html",
            front(now, self._around(self._now, f"code/{slug}/", "code/"), self._shell("")).encode(),
        )
        yield "404.html", not_found(now, self._shell("")).encode()
        page = version(now, self._around(self._now, f"{slug}/", ""), self._shell("../"))
        yield "code/index.html", page.encode()
        for place, (code, slug) in enumerate(zip(self._codes, self._slugs, strict=True)):
            page = version(
                code, self._around(place, "", "../"), self._shell("../../"), f"version {code.version}"
            )
            yield f"code/{slug}/index.html", page.encode()

    def _downloads(self) -> Iterator[tuple[str, bytes]]:
        yield SCHEMA_NAME, (json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n").encode()
        for slug, files in zip(self._slugs, self._files, strict=True):
            for file in files:
                yield f"code/{slug}/{file.name}", file.content

    def _around(self, place: int, folder: str, versions: str) -> Around:
        """What the page of a version offers. `folder` leads to its files, `versions` to the folder of all versions."""
        editions = tuple(
            Edition(
                label(code),
                f"{versions}{slug}/index.html",
                here=number == place and not folder.startswith("code/"),
            )
            for number, (code, slug) in enumerate(zip(self._codes, self._slugs, strict=True))
        )
        return Around(
            offers=tuple(
                Offer(file.form.label, f"{folder}{file.name}", file.about, file.form.save)
                for file in self._files[place]
            ),
            editions=tuple(reversed(editions)),
            in_force=""
            if place == self._now or not is_in_force(self._codes, self._now)
            else f"{versions}index.html",
        )

    def _shell(self, up: str) -> Shell:
        return Shell(up, accent="accent.css" if self._accent else "")


def _assets(accent: str) -> Iterator[tuple[str, bytes]]:
    for path in (_HERE / "site" / "site.css", _HERE / "site" / SCRIPT, _STATIC / "code.css"):
        yield f"{ASSETS}/{path.name}", path.read_bytes()
    for font in sorted((_STATIC / "fonts").iterdir()):
        if "italic" not in font.name:
            yield f"{ASSETS}/fonts/{font.name}", font.read_bytes()
    if accent:
        yield f"{ASSETS}/accent.css", _colours(accent).encode()


def _colours(accent: str) -> str:
    found = shades(accent)
    return (
        f"@media screen {{ :root {{ --accent: {found.light}; --on-accent: {found.on_light}; }} }}\n"
        "@media screen and (prefers-color-scheme: dark) { "
        f":root {{ --accent: {found.dark}; --on-accent: {found.on_dark}; }} }}\n"
    )


def _manifest(files: Mapping[str, bytes], code: PublishedCode) -> bytes:
    written: dict[str, Any] = {
        "made_by": "amends publish",
        "code": code.code,
        "as_of": code.as_of.isoformat(),
        "files": {path: hashlib.sha256(content).hexdigest() for path, content in files.items()},
    }
    return (json.dumps(written, ensure_ascii=False, indent=2) + "\n").encode()


# --- On disk ----------------------------------------------------------------------------------------------------------


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the site, and take out what an earlier one had there and this one has not.

    Raises NotOurFolder for a folder that holds anything else, before anything is written, and OSError as the disk does.
    """
    before = _before(folder)
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != content:
            target.write_bytes(content)
    for path in sorted(before - set(files)):
        target = folder / path
        target.unlink(missing_ok=True)
        _without_empty(target.parent, folder)


def _before(folder: Path) -> set[str]:
    """What an earlier site wrote into this folder."""
    if not folder.exists() or not any(folder.iterdir()):
        return set()
    try:
        written = json.loads((folder / MANIFEST).read_bytes())
        files = set(written["files"]) if written["made_by"] == "amends publish" else None
    except (OSError, ValueError, KeyError, TypeError):
        files = None
    if files is None:
        raise NotOurFolder(f"{folder}: not empty, and not written by amends publish")
    return {path for path in files if _inside(folder, path)}


def _inside(folder: Path, path: object) -> bool:
    return isinstance(path, str) and (folder / path).resolve().is_relative_to(folder.resolve())


def _without_empty(place: Path, folder: Path) -> None:
    while place != folder and place.is_dir() and not any(place.iterdir()):
        place.rmdir()
        place = place.parent
