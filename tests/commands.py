"""Runs the commands as a person or a mail server does, in a folder of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
CODES = ROOT / "amends" / "codes"
AMENDS = Path(sys.executable).parent / "amends"


class Ran(NamedTuple):
    """What a command did: its exit status and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value on stdout."""
        return json.loads(self.out)

    @property
    def says(self) -> str:
        """The one line on stderr of a command that could not go on."""
        assert self.out == ""
        assert self.err.count("\n") == 1, self.err
        return self.err.strip()


class Desk:
    """A folder of its own, with a clock that commands set."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AMENDS_")},
            "AMENDS_HOME": str(folder), "AMENDS_CLOCK": "manual", **environment,
        }  # fmt: skip

    def __call__(self, *arguments: str, stdin: bytes = b"", **environment: str) -> Ran:
        done = subprocess.run(
            [AMENDS, *arguments], input=stdin, capture_output=True, check=False, cwd=ROOT, timeout=120,
            env={**self.environment, **environment},
        )  # fmt: skip
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(
        self, *arguments: str, stdout: int | None = None, **environment: str
    ) -> subprocess.Popen[bytes]:
        """A command that goes on until it is told to stop."""
        return subprocess.Popen(
            [AMENDS, *arguments], cwd=ROOT, env={**self.environment, **environment}, stdout=stdout,
            stderr=subprocess.PIPE,
        )  # fmt: skip
