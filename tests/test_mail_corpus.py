"""Hundreds of ugly mails, our own and other people's, are all read, and as other readers read them (L20).

Other people's mails are read from the folder that AMENDS_MAIL_CORPUS names, or from `shared/mail` beside this
repository. Where there is none, these tests run over our own mails and say so.
"""

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.desk.message import Message, read_message
from amends.desk.sanitise import bare_text
from tests.test_message import hold_promises

OWN: Final = Path(__file__).parent / "mail"
OTHERS: Final = Path(os.environ.get("AMENDS_MAIL_CORPUS") or Path(__file__).parents[2] / "shared/mail")
MAIL_ENDINGS: Final = frozenset({".eml", ".txt", ".raw", ".golden", ""})


def _mails(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in MAIL_ENDINGS)


MAILS: Final = [*_mails(OWN), *(_mails(OTHERS) if OTHERS.is_dir() else ())]


def test_which_mails_were_read(capsys: pytest.CaptureFixture[str]) -> None:
    own = sum(path.is_relative_to(OWN) for path in MAILS)
    others = len(MAILS) - own
    with capsys.disabled():
        told = (
            f"and {others} of other people's"
            if others
            else f"ONLY: no folder {OTHERS}, set AMENDS_MAIL_CORPUS"
        )
        os.write(1, f"\nThe mail tests run over {own} mails of our own {told}.\n".encode())
    assert own >= 35


@pytest.mark.parametrize("path", MAILS, ids=[path.name for path in MAILS])
def test_every_mail_keeps_every_promise(path: Path) -> None:
    hold_promises(path.read_bytes())


@pytest.mark.parametrize("path", MAILS, ids=[path.name for path in MAILS])
def test_every_mail_with_words_shows_some(path: Path) -> None:
    message = read_message(path.read_bytes())
    told = any(mistake.startswith("no words") for mistake in message.mistakes)
    assert bool(message.text.strip()) != told


@settings(max_examples=300)
@given(st.sampled_from(MAILS), st.integers(0), st.integers(1, 50), st.binary(max_size=20))
def test_any_damage_to_any_mail_gives_a_message(path: Path, place: int, length: int, graft: bytes) -> None:
    raw = path.read_bytes()
    at = place % (len(raw) + 1)
    hold_promises(raw[:at] + graft + raw[at + length :])


@settings(max_examples=200)
@given(st.sampled_from(MAILS), st.sampled_from(MAILS), st.integers(0))
def test_any_two_mails_run_together_give_a_message(one: Path, other: Path, place: int) -> None:
    raw = one.read_bytes()
    hold_promises(raw[: place % (len(raw) + 1)] + other.read_bytes())


def test_a_received_line_more_makes_no_other_message() -> None:
    line = b"Received: from a by b; Tue, 7 Apr 2026 10:00:00 +0100"
    differing = [path for path in MAILS if _starts_with_headers(path) and _hash(path, line) != _hash(path)]
    assert differing == []


def _starts_with_headers(path: Path) -> bool:
    """Whether a line put on top would be one of the mail's own headers."""
    raw = path.read_bytes()
    told = read_message(raw).mistakes
    headless = raw[:1].isspace() or raw.startswith((b"From ", b">From ")) or not raw
    return not headless and "no headers: all of it was read as the message" not in told


def _hash(path: Path, line: bytes = b"") -> str:
    raw = path.read_bytes()
    newline = b"\r\n" if b"\r\n" in raw else b"\n" if b"\n" in raw else b"\r"
    return read_message(line + newline * bool(line) + raw).content_hash


def test_one_message_id_with_many_bodies_is_as_many_messages() -> None:
    """In other people's mails one Message-ID carries fourteen bodies; none may be taken for another."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    words: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for path in MAILS:
        message = read_message(path.read_bytes())
        files = (file.content.hex() for file in message.attachments)
        seen[message.message_id].add(message.content_hash)
        words[message.message_id].add((message.subject, message.text, message.html, *files))
    assert len(seen["same-1@example.org"]) == 2
    assert max(len(hashes) for name, hashes in seen.items() if name) >= (14 if OTHERS.is_dir() else 2)
    assert [name for name in seen if len(seen[name]) < len(words[name])] == []


# --- as other readers read them ----------------------------------------------------------------------------


class Case(NamedTuple):
    name: str
    path: Path
    expected: dict[str, Any]
    texts: Path | None


def _cases() -> list[Case]:
    own = json.loads((OWN / "expected.json").read_text("utf-8"))["cases"]
    cases = [Case(case["file"], OWN / case["file"], case["expected"], None) for case in own]
    listed = OTHERS / "zbateson_mail_mime_parser.json"
    for case in json.loads(listed.read_text("utf-8"))["cases"] if listed.is_file() else ():
        path = OTHERS / case["file"]
        if path.is_file():
            cases.append(Case(path.name, path, case["expected"], path.parent / "files"))
    return cases


CASES: Final = _cases()

#: Where we read another thing than the list expects, and why that is right for us.
DISAGREEMENTS: Final = {
    (
        "m0020.txt",
        "html",
    ): 'its HTML ends with "This could be a signature", which the expected file leaves out',
    ("m1009.txt", "attachments"): "a named text file shown inline is a file here, and no part of the words",
    ("m1011.txt", "To"): "UTF-7 without saying so in the name: read, any name with a plus would change",
    (
        "m1011.txt",
        "Subject",
    ): "UTF-7 without saying so in the subject: read, any subject with a plus would change",
    ("m1011.txt", "text"): "its UTF-7 packs three bytes as if they were two letters: no codec reads it so",
}


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_mail_is_read_as_its_list_expects(case: Case) -> None:
    message = read_message(case.path.read_bytes())
    excused = {field for name, field in DISAGREEMENTS if name == case.name}
    differing = {field for field, said in _compared(case, message) if not said}
    assert differing == excused


def test_the_agreement_with_other_peoples_expectations_is_as_high_as_it_was(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counts: Counter[bool] = Counter()
    for case in CASES:
        counts.update(said for _, said in _compared(case, read_message(case.path.read_bytes())))
    with capsys.disabled():
        os.write(1, f"\n{counts[True]} of {counts.total()} expected values are read as expected.\n".encode())
    named = {name for name, _ in DISAGREEMENTS} & {case.name for case in CASES}
    assert counts[False] == sum(name in named for name, _ in DISAGREEMENTS)
    assert counts[True] >= (327 if named else 27)


def _compared(case: Case, message: Message) -> Iterator[tuple[str, bool]]:
    """Each expected value by its name, and whether we read the same."""
    read: dict[str, Any] = {
        "From": _person(message.senders),
        "To": _person(message.to),
        "Subject": message.subject,
        "Message-ID": message.message_id,
        "attachments": len(message.attachments),
        "text": _packed(message.text),
        "html": _packed(bare_text(message.html)),
    }
    for field, value in case.expected.items():
        if field in ("text", "html"):
            yield field, read[field] == _packed(_expected_text(case, value))
        elif field in ("From", "To"):
            yield field, read[field] == (value.get("name") or "", value["email"])
        elif field in read:
            yield field, read[field] == value


def _person(people: tuple[Any, ...]) -> tuple[str, str]:
    return (people[0].name, people[0].email) if people else ("", "")


def _expected_text(case: Case, value: str) -> str:
    return (case.texts / value).read_text("iso-8859-1") if case.texts else value


def _packed(text: str) -> str:
    return "".join(text.split())
