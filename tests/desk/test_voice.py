"""What the voice promises: a sound file of the words, bounded in time and size, and no word of a letter is a command."""

from __future__ import annotations

import re
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest

from amends.core.letters import Letter, write
from amends.core.letters.examples import Example, examples
from amends.core.spoken import script
from amends.desk import voice
from tests.story import book

needs_a_voice = pytest.mark.skipif(
    not voice.there(), reason="espeak-ng is not installed (run.py install --system)"
)
EXAMPLES = [pytest.param(e, id=f"{e.letter}, {e.name}") for e in examples(book("example"))]


def seconds(recording: bytes) -> float:
    """How long a recording is, once its form is found to be that of a WAV file in µ-law."""
    assert recording[:4] == b"RIFF"
    assert struct.unpack("<I", recording[4:8])[0] == len(recording) - 8
    form, channels, rate, _, _, bits = struct.unpack("<HHIIHH", recording[20:36])
    assert (recording[8:16], form, channels, bits) == (b"WAVEfmt ", 7, 1, 8)
    name, size = struct.unpack("<4sI", recording[50:58])
    assert (name, size) == (b"data", len(recording) - 58)
    return int(size) / int(rate)


@needs_a_voice
@pytest.mark.parametrize("example", EXAMPLES)
def test_every_letter_is_read_aloud_and_fits_into_a_mail(example: Example) -> None:
    letter = write(example.letter, example.matter)
    assert isinstance(letter, Letter)
    recording = voice.spoken(script(letter.subject, letter.blocks))
    assert recording is not None
    words = len(letter.text().split())
    assert words / 4 < seconds(recording) < words * 1.2, "about 150 words a minute, and what is spelled out"
    assert voice.fits_a_mail(len(letter.text()))
    assert len(recording) < 7_000_000


@needs_a_voice
def test_it_is_not_silent() -> None:
    recording = voice.spoken("Dear Priya, we are sorry.")
    assert recording is not None
    assert len(set(recording[58:])) > 50


@needs_a_voice
@pytest.mark.parametrize(
    "typed", ["--help", "-w /tmp/x", "[[h@'loU]] $(rm -rf /)", "李雷 مرحبا 😀", "\0\x1b", "x" * 5000]
)
def test_whatever_anybody_typed_is_only_read(typed: str, tmp_path: Path) -> None:
    recording = voice.spoken(f"{typed} a word more")
    assert recording is not None
    assert seconds(recording) > 0.3


@needs_a_voice
@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("at 9 20 A M, by post", "eI Em"),
        ("Access code: M O S S, 7 2, L A R K.", "El eI A"),
        ("4 F 7, A 1.", "eI w"),
        ("A 5 day wait", ""),
        ("Take a 5, [[x]], [[[x]]]", ""),
    ],
)
def test_an_a_that_is_spelled_is_heard_as_the_letter(
    words: str, heard: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program would say "uh M", and "L uh R K" of an access code."""
    given: list[bytes] = []
    run = subprocess.run

    def kept(command: list[str], *, input: bytes, **how: Any) -> object:  # noqa: A002 - as `run` has it
        given.append(input)
        return run(command, input=input, **how)

    monkeypatch.setattr(subprocess, "run", kept)
    assert voice.spoken(words) is not None
    (sent,) = given
    assert sent.count(b"[[") == sent.count(b"[['eI]]") == bool(heard), "no phonemes but ours"
    said = run([voice.PROGRAM, "-v", voice.VOICE, "-q", "-x"], input=sent, capture_output=True, check=True)
    assert heard in re.sub(r"[^A-Za-z0-9@ ]", "", said.stdout.decode().replace("\n", " "))


@needs_a_voice
def test_what_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "PATIENCE", 0.001)
    assert voice.spoken("a word " * 2000) is None


def test_what_is_too_long_is_for_a_person() -> None:
    assert voice.spoken("a" * (voice.LONGEST + 1)) is None
    assert not voice.fits_a_mail(voice.LONGEST_BY_MAIL + 1)


def test_without_the_program_there_is_no_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "_program", lambda: None)
    assert not voice.there()
    assert voice.spoken("Dear Priya,") is None


@pytest.mark.parametrize(
    ("sample", "code"), [(0, 0xFF), (32767, 0x80), (-32768, 0x00), (1000, 0xCE), (-1000, 0x4E), (100, 0xF2)]
)
def test_a_sample_is_written_as_the_standard_says(sample: int, code: int) -> None:
    """ITU-T G.711, by the values of its reference program."""
    assert voice._mulaw()[sample] == code
