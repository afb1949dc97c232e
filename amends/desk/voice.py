"""Reads a script aloud into a sound file, where the program espeak-ng is installed: a British voice, bounded in time.

A separate program, started without a shell and fed through its standard input, so that no word of a letter is ever an
option. What it speaks is halved in rate and written as µ-law (ITU-T G.711), eleven thousand bytes a second, so that a
letter of a page fits into an email.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import tempfile
import wave
from array import array
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROGRAM = "espeak-ng"
VOICE = "en-gb"
WORDS_A_MINUTE = 150
PATIENCE = 120.0
"""Seconds within which it has spoken, or is stopped; it speaks an hour in about half a minute."""
LONGEST = 30_000
"""Characters of a script: about half an hour of speech. A longer one is for a person."""
LONGEST_BY_MAIL = 8_000
"""Characters of a letter whose recording fits into an email: about ten minutes, 760 bytes a character."""
_AT_ONCE = 65_536


@cache
def _program() -> str | None:
    return shutil.which(PROGRAM)


def there() -> bool:
    """Whether this machine can read aloud."""
    return _program() is not None


def fits_a_mail(characters: int) -> bool:
    """Whether this machine can read a letter of this length aloud, and the recording can be attached to an email."""
    return there() and characters <= LONGEST_BY_MAIL


def spoken(script: str) -> bytes | None:
    """The script as a WAV file (µ-law, mono); None where no voice is installed, or it did not come to an end."""
    program = _program()
    if program is None or len(script) > LONGEST:
        return None
    with tempfile.TemporaryDirectory(prefix="amends-voice-") as folder:
        path = Path(folder) / "spoken.wav"
        command = [program, "-v", VOICE, "-s", str(WORDS_A_MINUTE), "-b", "1", "-w", str(path)]
        try:
            subprocess.run(  # noqa: S603 - the program found on PATH, its words through standard input
                command,
                input=_to_the_voice(script).encode(),
                timeout=PATIENCE,
                check=True,
                capture_output=True,
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            return None
        return _smaller(path) if path.exists() else None


def _to_the_voice(script: str) -> str:
    """The script with no phonemes in it but ours: double brackets, between which the program takes them, are parted.

    A large A among letters that are spelled ("L A R K", "9 A M") is a letter, which the program would read as the
    article.
    """
    plain = re.sub(r"([\[\]])(?=\1)", r"\1 ", script).replace("\0", " ")
    return _SPELLED.sub(lambda run: re.sub(r"\bA\b", _LETTER_A, run[0]), plain)


_SPELLED = re.compile(r"(?<![\w'’])(?!A \d [a-z])[A-Z0-9](?: [A-Z0-9])+(?![\w'’])")
_LETTER_A = "[['eI]]"


def _smaller(path: Path) -> bytes | None:
    """The sound at half its rate in eight bits; None where the program wrote none."""
    try:
        with wave.open(str(path), "rb") as sound:
            if (sound.getnchannels(), sound.getsampwidth()) != (1, 2) or not sound.getnframes():
                return None
            rate = sound.getframerate() // 2
            samples = b"".join(_halved(sound))
    except (wave.Error, EOFError):
        return None
    return _header(rate, len(samples)) + samples


def _halved(sound: wave.Wave_read) -> Iterator[bytes]:
    table = _mulaw()
    while raw := sound.readframes(_AT_ONCE):
        pair = array("h", raw[: len(raw) // 4 * 4])
        yield bytes(table[(one + other) >> 1] for one, other in zip(pair[::2], pair[1::2], strict=True))


@cache
def _mulaw() -> bytes:
    """The code of every 16-bit sample; a negative one is found from the end, as Python counts."""
    return bytes(_code(value if value < 32768 else value - 65536) for value in range(65536))


def _code(sample: int) -> int:
    """One sample in µ-law: sign, which of eight ranges, place in it; all bits inverted."""
    sign, size = (0x80, -sample) if sample < 0 else (0, sample)
    size = min(size, 32635) + 132
    segment = size.bit_length() - 8
    return ~(sign | segment << 4 | (size >> (segment + 3)) & 0x0F) & 0xFF


def _header(rate: int, samples: int) -> bytes:
    form = struct.pack("<HHIIHHH", 7, 1, rate, rate, 1, 8, 0)
    fact = struct.pack("<4sII", b"fact", 4, samples)
    size = 4 + 8 + len(form) + len(fact) + 8 + samples
    return (
        struct.pack("<4sI4s", b"RIFF", size, b"WAVE")
        + struct.pack("<4sI", b"fmt ", len(form)) + form
        + fact
        + struct.pack("<4sI", b"data", samples)
    )  # fmt: skip
