#!/usr/bin/env python3
"""Install, open, test and check Amends, with nothing but Python 3.11 or newer.

    python3 run.py                 install, then open a desk with example cases on this machine only
    python3 run.py install         install into .venv (again only when the locked packages changed)
    python3 run.py install --system    and PostgreSQL, liblouis (contracted Braille), espeak-ng (speech), poppler,
                                       Dovecot and Chromium through apt-get (root, on Debian or Ubuntu)
    python3 run.py test            check, then every test on SQLite, in a browser, and the desk's again on PostgreSQL
    python3 run.py test browser    the journeys in a real Chromium alone (ARGS after it go to pytest)
    python3 run.py test ARGS       pytest with these arguments, on SQLite (--postgresql ARGS: on PostgreSQL)
    python3 run.py check           style, types, the wall between the halves, generated pages
    python3 run.py pictures        make the pictures of the README and the docs again, in a browser
    python3 run.py bench ARGS      measure
    python3 run.py lock            work out requirements/*.txt again from requirements/*.in
    python3 run.py lock --upgrade  and take the newest of what those files do not name

Nothing is put anywhere but in this folder, but for the example desk: it lies in AMENDS_HOME, or in ~/.amends-demo. System
packages come only when you ask for --system, or when CI=true asks for what the tests need.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

OLDEST = (3, 11)
OTHER_PYTHONS = ("python3.13", "python3.12", "python3.11", "python3.14")

HERE = Path(__file__).resolve().parent
LOCKS = HERE / "requirements"
PIP = LOCKS / "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
UV = "uv==0.13.9"

VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "amends-installed"

# Contracted Braille, speech, and text out of PDF: programs that a desk uses where they are, and never ships.
FORMATS = ("liblouis20", "liblouis-data", "espeak-ng", "poppler-utils")

# A real mail server for the tests: mailboxes with passwords and with tokens (OAuth 2), and submission.
DOVECOT = ("dovecot-imapd", "dovecot-lmtpd", "dovecot-submissiond")

# The browser that the journeys are made in, and what the program that drives it needs beside it.
BROWSER = ("chromium", "libatomic1")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

JOURNEYS = "tests/browser"
NO_BROWSER = """
  SKIPPED: no page was looked at in a browser, for no Chromium is installed here.
  To have one: python3 run.py install --system, or sudo apt-get install chromium libatomic1
"""

# Each writes or compares a page that is generated from the code; `--write` makes it anew.
GENERATED = (
    ("the map of rooms", ["-m", "amends.rooms"]),
    ("the pages of codes", ["-m", "amends.docs", "--check"]),
)


def main() -> int:
    """Do what the command line says; the exit status says whether it went well."""
    if sys.version_info < OLDEST:
        return _with_a_newer_python()
    command, arguments = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("open", [])
    commands: dict[str, Callable[[list[str]], int]] = {
        "open": open_desk,
        "install": install,
        "test": test,
        "check": check,
        "pictures": pictures,
        "bench": bench,
        "lock": lock,
    }
    if command not in commands:
        print(__doc__)
        return 0 if command in ("help", "-h", "--help") else 2
    os.chdir(HERE)
    return commands[command](arguments)


def _with_a_newer_python() -> int:
    """Start again under a Python that is new enough, or say which one is missing."""
    for name in OTHER_PYTHONS:
        path = shutil.which(name)
        # A name on PATH may be a signpost to a version that is not installed: ask it.
        if path and _works(path):
            os.execv(path, [path, __file__, *sys.argv[1:]])
    wanted, this = ".".join(map(str, OLDEST)), ".".join(map(str, sys.version_info[:2]))
    print(f"Amends needs Python {wanted} or newer; this one is {this}, and none of these runs here:")
    print("  " + ", ".join(OTHER_PYTHONS))
    return 2


# --- commands -------------------------------------------------------------------------------------------


def open_desk(arguments: list[str]) -> int:
    """Install, then become `amends demo --serve`, so that Ctrl-C reaches it and nothing else."""
    if _install("run") == 0:
        amends = str(VENV / "bin" / "amends")
        os.execv(amends, [amends, "demo", "--serve", *arguments])
    return 1


def install(arguments: list[str]) -> int:
    """Install what a running desk needs."""
    if arguments not in ([], ["--system"]):
        print("`install` takes nothing but --system.")
        return 2
    if arguments and _system_packages(("postgresql", *FORMATS, *BROWSER, *DOVECOT)):
        return 1
    return _install("run")


def test(arguments: list[str]) -> int:
    """Check and test everything, or hand the arguments to pytest."""
    if _for_ci() or _install("dev"):
        return 1
    pytest, on_postgresql = [str(PYTHON), "-m", "pytest"], [str(PYTHON), "-m", "tests.pg", "--"]
    if arguments[:1] == ["--postgresql"]:
        return _say("pytest on PostgreSQL", [*on_postgresql, *pytest, *arguments[1:]])
    if arguments[:1] == ["browser"]:
        return _in_a_browser(pytest, arguments[1:])
    if arguments:
        return _say("pytest", [*pytest, *arguments])
    pytest += ["-n", str(min(os.cpu_count() or 1, 8))]
    statuses = {
        "check": check([]),
        "tests on SQLite": _say("tests on SQLite", [*pytest, "--ignore", JOURNEYS]),
        "tests in a browser": _in_a_browser(pytest, []),
        "tests on PostgreSQL": _say("tests on PostgreSQL", [*on_postgresql, *pytest, "--only-database"]),
    }
    failed = [name for name, status in statuses.items() if status]
    unseen = "" if _chromium() else " SKIPPED: no page was looked at in a browser (see above)."
    print((f"Not good: {', '.join(failed)}." if failed else "All good.") + unseen)
    return 1 if failed else 0


def _in_a_browser(pytest: list[str], arguments: list[str]) -> int:
    """Make the journeys; each file of them has a desk of its own, so it stays with one process."""
    named = any(argument.startswith("tests/") for argument in arguments)
    command = [*pytest, *([] if named else [JOURNEYS]), "-rs", *arguments]
    if not any(argument.startswith("-n") for argument in arguments):
        command += ["-n", str(min(os.cpu_count() or 1, 4))]
    if not _chromium():
        print(NO_BROWSER)
    return _say("tests in a browser", [*command, "--dist", "loadfile"])


def _chromium() -> bool:
    """Whether the tests will find a browser."""
    return bool(os.environ.get("AMENDS_TEST_CHROMIUM") or any(shutil.which(name) for name in CHROMIUMS))


def check(arguments: list[str]) -> int:
    """Run each check to its end, so that one run shows all there is to mend."""
    if arguments:
        print("`check` takes nothing.")
        return 2
    if _install("dev"):
        return 1
    tools = VENV / "bin"
    checks = [
        ("style (ruff)", [str(tools / "ruff"), "check", "--quiet"]),
        ("layout (ruff)", [str(tools / "ruff"), "format", "--check", "--output-format", "concise"]),
        ("types (mypy)", [str(tools / "mypy"), "--no-error-summary"]),
        ("the wall between the halves (import-linter)", [str(tools / "lint-imports"), "--no-cache"]),
        *((name, [str(PYTHON), *command]) for name, command in GENERATED),
    ]
    statuses = [_say(name, command, quiet=True) for name, command in checks]
    return 1 if any(statuses) else 0


def pictures(arguments: list[str]) -> int:
    """Make docs/pictures again from a play that is the same each time."""
    if arguments:
        print("`pictures` takes nothing.")
        return 2
    return _install("dev") or subprocess.call([str(PYTHON), "-m", "tests.browser.pictures"])


def bench(arguments: list[str]) -> int:
    """Measure; see `python3 run.py bench --help`."""
    return _install("run") or subprocess.call([str(PYTHON), "-m", "amends.bench", *arguments])


def lock(arguments: list[str]) -> int:
    """Work out versions and hashes again from the .in files, for every platform that the wheels know."""
    if arguments not in ([], ["--upgrade"]):
        print("`lock` takes nothing but --upgrade.")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        python = _new_venv(Path(folder) / "lock")
        if _pip(python, ["install", "--quiet", UV]):
            return 1
        environment = {**os.environ, **_own_index(python)}
        for name in ("run", "dev"):
            command = [str(python.parent / "uv"), "pip", "compile", name + ".in", "-o", name + ".txt"]
            command += ["--universal", "--python-version", ".".join(map(str, OLDEST)), "--generate-hashes"]
            command += ["--no-emit-index-url", "--no-annotate", "--no-header", "--quiet"]
            command += arguments
            if subprocess.call(command, cwd=LOCKS, env=environment):
                return 1
    return 0


# --- installing -----------------------------------------------------------------------------------------


def _install(wanted: str) -> int:
    """Bring .venv to the locked packages of `wanted`: "run", or "dev", which is "run" and the test tools."""
    stamps = {level: _stamp(level) for level in ("run", "dev")}
    there = STAMP.read_text() if STAMP.exists() else ""
    if there in (stamps["dev"], stamps[wanted]) and _works(PYTHON):
        return 0
    started = time.monotonic()
    print("Installing into .venv (half a minute, or more on a slow line) …", flush=True)
    if not _works(PYTHON):
        _new_venv(VENV)
    STAMP.unlink(missing_ok=True)
    steps = (
        ["install", "--require-hashes", "-r", str(LOCKS / (wanted + ".txt"))],
        # The package itself, in place: the desk runs from this folder.
        ["install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(HERE)],
    )
    for step in steps:
        if _pip(PYTHON, [*step, "-qq", "--no-warn-script-location"]):
            print("The packages could not be installed: see pip's words above. It uses your pip settings.")
            return 1
    STAMP.write_text(stamps[wanted])
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)
    return 0


def _stamp(level: str) -> str:
    """What .venv holds when `level` is installed: where it is, and the hash of all that went in."""
    digest = hashlib.sha256(str(VENV).encode())
    for source in (LOCKS / (level + ".txt"), HERE / "pyproject.toml"):
        digest.update(_installing_part(source))
    return level + " " + digest.hexdigest() + "\n"


def _installing_part(source: Path) -> bytes:
    """The file's bytes; of pyproject.toml only what installing reads: the tools' settings come after it."""
    return source.read_bytes().split(b"\n[tool.ruff]")[0]


def _works(python: str | Path) -> bool:
    """Whether this interpreter is there, runs, and is new enough (its base may have been removed)."""
    if not Path(python).exists():
        return False
    test_age = f"import sys; sys.exit(sys.version_info < {OLDEST!r})"
    return subprocess.call([str(python), "-c", test_age], stderr=subprocess.DEVNULL) == 0


def _new_venv(folder: Path) -> Path:
    """Make an empty environment and give its Python.

    Without pip, for a bare Debian has none to put in: pip comes from the wheel in requirements/ everywhere.
    """
    # Imported here: some systems part even `venv` from Python, and the other commands do without.
    import venv

    venv.create(folder, with_pip=False, clear=True, symlinks=True)
    return folder / "bin" / "python"


def _pip(python: Path, arguments: list[str]) -> int:
    """Run the pip that came with the repository, under the person's own pip settings."""
    if hashlib.sha256(PIP.read_bytes()).hexdigest() != PIP_SHA256:
        print(f"{PIP} is not the file that was committed: its SHA-256 differs.")
        return 1
    return subprocess.call([str(python), str(PIP / "pip"), "--disable-pip-version-check", *arguments])


def _own_index(python: Path) -> dict[str, str]:
    """The package index of the person's pip settings, in uv's word for it; nothing where none is set."""
    command = [str(python), str(PIP / "pip"), "config", "get", "global.index-url"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    return {"UV_DEFAULT_INDEX": said.stdout.strip()} if said.returncode == 0 else {}


def _for_ci() -> int:
    """In CI a skip is a failure: what the tests need beside Python is put there first, where it is missing."""
    if os.environ.get("CI") != "true":
        return 0
    formats = ctypes.util.find_library("louis") and shutil.which("espeak-ng") and shutil.which("pdftotext")
    browser = _chromium() and ctypes.util.find_library("atomic")
    dovecot = all(Path("/usr/lib/dovecot", name).exists() for name in ("imap", "lmtp", "submission"))
    missing = (
        *(() if formats else FORMATS),
        *(() if browser else BROWSER),
        *(() if dovecot else DOVECOT),
    )
    return _system_packages(missing) if missing else 0


def _system_packages(packages: tuple[str, ...]) -> int:
    """What the system packages and a desk can do without; the tests bring a PostgreSQL of their own."""
    apt = shutil.which("apt-get")
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if not apt or os.geteuid() != 0:
        print("This needs root on Debian or Ubuntu. By hand: sudo " + " ".join(command))
        return 1
    update = _say("apt-get update", [apt, "update", "-qq"])
    return update or _say("apt-get install " + " ".join(packages), [apt, *command[1:]])


# --- running --------------------------------------------------------------------------------------------


def _say(name: str, command: list[str], *, quiet: bool = False) -> int:
    """Run one stage and print how it went and how long it took; `quiet` keeps its output unless it fails."""
    started = time.monotonic()
    if not quiet:
        print(f"== {name}", flush=True)
    output, errors = (subprocess.PIPE, subprocess.STDOUT) if quiet else (None, None)
    done = subprocess.run(command, stdout=output, stderr=errors, env=_environment(), text=True, check=False)
    if done.returncode and done.stdout:
        print(done.stdout)
    verdict = "good" if done.returncode == 0 else "NOT GOOD"
    print(f"== {name}: {verdict} ({time.monotonic() - started:.1f} s)", flush=True)
    return done.returncode


def _environment() -> dict[str, str]:
    """The environment without a desk that this shell may be set up for: no test may reach a real one."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in ("AMENDS_HOME", "AMENDS_DATABASE_URL")
    }


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
