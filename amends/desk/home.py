"""The desk's folder (AMENDS_HOME): where it is, what lies in it, and the secrets that only its owner may read.

`db.sqlite3` is the database where no PostgreSQL is named, `secret.key` signs tokens and sessions, `outgoing/` takes
the mail of providers whose mail goes into a folder, and `secrets/` holds passwords of mailboxes, one file each.
Passwords never enter the database as they are: a row names `env:NAME` or `file:NAME` and `password` looks there, or it
holds `sealed:…`, which opens under `secret.key` alone (what people type into the console, and tokens of OAuth 2).
"""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
SEALED: Final = "sealed:"
"""How words in a row begin that open under the desk's key alone."""


class NoSecret(LookupError):
    """A row names a password that is not there; the words say where it was looked for."""


def home() -> Path:
    """The folder that AMENDS_HOME names, or `.amends` of whoever runs the desk."""
    return Path(os.environ.get("AMENDS_HOME") or Path.home() / ".amends").expanduser().absolute()


def make() -> Path:
    """Make the folder with what must be in it, where it is not there yet, and give it."""
    folder = home()
    for each in (folder, folder / "outgoing", folder / "secrets"):
        each.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    _write_once(folder / "secret.key", secrets.token_urlsafe(48))
    return folder


def secret_key() -> str:
    """The key of this desk. Before `make` there is none, and a key that opens nothing is given in its place."""
    try:
        return (home() / "secret.key").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(48)


def signed(purpose: str, words: str) -> bytes:
    """The signature of these words for one purpose, under the desk's key. One purpose's never fits another's."""
    from django.conf import settings  # noqa: PLC0415 - settings are made with this module

    key = hmac.digest(settings.SECRET_KEY.encode(), f"amends {purpose}".encode(), "sha256")
    return hmac.digest(key, words.encode(), "sha256")


def keep_password(name: str, password: str) -> str:
    """Write a password into the folder, readable by its owner alone, and give the words that name it in a row.

    Raises ValueError for a name that is no plain file name.
    """
    if not name or Path(name).name != name or name.startswith("."):
        raise ValueError(f"{name!r} is no name for a file")
    path = make() / "secrets" / name
    path.unlink(missing_ok=True)
    _write_once(path, password)
    return f"file:{name}"


def sealed(secret: str) -> str:
    """A secret as a row may hold it: it opens under this desk's key alone, on every machine that has it."""
    return f"{SEALED}{_box().encrypt(secret.encode()).decode()}"


def _box() -> Fernet:
    from cryptography.fernet import Fernet  # noqa: PLC0415 - settings are made with this module, and need none of it

    return Fernet(base64.urlsafe_b64encode(signed("sealed secrets", "")))


def _opened(words: str) -> str:
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - settings are made with this module, and need none of it

    try:
        return _box().decrypt(words.removeprefix(SEALED).encode()).decode()
    except (InvalidToken, UnicodeError) as other:
        raise NoSecret("it was sealed under another secret.key: give it again") from other


def password(named: str) -> str:
    """The password that a row names as `env:NAME` or `file:NAME`, or holds sealed; empty words name none.

    Raises NoSecret.
    """
    if not named:
        return ""
    if named.startswith(SEALED):
        return _opened(named)
    kind, _, name = named.partition(":")
    if kind == "env" and name in os.environ:
        return os.environ[name]
    if kind == "file" and Path(name).name == name:
        path = home() / "secrets" / name
        if path.exists():
            return path.read_text(encoding="utf-8").rstrip("\n")
    if kind == "env":
        raise NoSecret(
            f"{name} is not set where this runs ({named}): set it for every `amends work` and `amends tick`, "
            "or keep it in the desk's folder by giving it again as `stdin`"
        )
    raise NoSecret(f"none is kept as {named}: give it again as `stdin`")


def _write_once(path: Path, words: str) -> None:
    """Write a private file unless it is there; of two processes at the same moment one wins."""
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    except FileExistsError:
        return
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(words)
