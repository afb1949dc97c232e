"""A real Dovecot on loopback for tests: IMAP and submission, with passwords and with tokens, in a folder of its own.

It needs Debian's dovecot-imapd, dovecot-lmtpd and dovecot-submissiond (2.3), and runs as whoever runs the tests; where that
is root, its sign-in processes run as Dovecot's own users. Nothing of the machine's own Dovecot is read.
"""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

USER, PASSWORD = "complaints@opus.example", "secret of the mailbox"
PROGRAM = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
SUBMISSION = Path("/usr/lib/dovecot/submission")

needs_dovecot = pytest.mark.skipif(
    not (PROGRAM and SUBMISSION.exists()),
    reason="no Dovecot here (dovecot-imapd, dovecot-submissiond): python3 run.py install --system brings it",
)

_CONF = """
base_dir = {at}/run
state_dir = {at}/state
log_path = {at}/log
protocols = imap submission
ssl = no
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
auth_verbose = yes
auth_failure_delay = 0
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 0
mail_location = maildir:{at}/mail
mail_fsync = never
listen = 127.0.0.1
hostname = mail.opus.example
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
submission_relay_trusted = no
submission_max_mail_size = 40M
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {at}/oauth2
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN {at}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={at}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service submission-login {{
  chroot =
  inet_listener submission {{
    address = 127.0.0.1
    port = {smtp}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
{folders}
}}
"""


@dataclass
class Dovecot:
    """A Dovecot that listens on two ports of loopback."""

    at: Path
    introspects: str = ""
    """The address at which it asks whether a token is good."""
    relay: int = 1
    """The port of the server to which it passes on what is submitted."""
    mechanisms: str = "plain login xoauth2 oauthbearer"
    folders: dict[str, str] = field(
        default_factory=lambda: {"Unwanted": "\\Junk", "Moved": "", "R&D – ärger": ""}
    )
    imap: int = 0
    smtp: int = 0
    _runs: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Let it listen; the same ports every time."""
        self.imap, self.smtp = self.imap or _free_port(), self.smtp or _free_port()
        root = os.geteuid() == 0
        # Dovecot gives no mailbox to root; Debian's user `mail` stands in for it.
        uid, gid = (
            (pwd.getpwnam("mail").pw_uid, grp.getgrnam("mail").gr_gid) if root else (os.getuid(), os.getgid())
        )
        for each in ("run", "state", "home", "mail"):
            (self.at / each).mkdir(exist_ok=True, parents=True)
            if root and each in ("home", "mail"):
                os.chown(self.at / each, uid, gid)
        me, mine = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
        folders = "\n".join(
            f"  mailbox {_quoted(name)} {{\n    auto = create\n"
            + (f"    special_use = {use}\n" if use else "")
            + "  }"
            for name, use in self.folders.items()
        )
        (self.at / "conf").write_text(
            _CONF.format(
                at=self.at, mechanisms=self.mechanisms, uid=uid, gid=gid, imap=self.imap, smtp=self.smtp,
                relay=self.relay, folders=folders, internal="dovecot" if root else me,
                group="dovecot" if root else mine, login="dovenull" if root else me,
            )
        )  # fmt: skip
        (self.at / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        (self.at / "oauth2").write_text(
            f"introspection_mode = post\nintrospection_url = {self.introspects or 'http://127.0.0.1:1/none'}\n"
            "force_introspection = yes\nactive_attribute = active\nactive_value = true\nusername_attribute = username\n"
        )
        self.at.chmod(0o755)
        for each in ("users", "oauth2"):
            (self.at / each).chmod(0o644)
        assert PROGRAM
        self._runs = subprocess.Popen([PROGRAM, "-F", "-c", str(self.at / "conf")], start_new_session=True)
        for port in (self.imap, self.smtp):
            _wait_for(port, self)

    def stop(self) -> None:
        """End it, as a machine that is switched off does."""
        if self._runs is not None:
            os.killpg(self._runs.pid, signal.SIGKILL)
            self._runs.wait(20)
            self._runs = None

    def log(self) -> str:
        """What it wrote down."""
        path = self.at / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def is_up(self) -> bool:
        """Whether it runs."""
        return self._runs is not None and self._runs.poll() is None


@contextmanager
def dovecot(**how: object) -> Iterator[Dovecot]:
    """A Dovecot that listens until the block ends."""
    # Not in pytest's folder, through which the unprivileged of its processes may not pass.
    with tempfile.TemporaryDirectory(prefix="dovecot-") as at:
        server = Dovecot(Path(at), **how)  # type: ignore[arg-type] # whatever a test says of it
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(port: int, server: Dovecot) -> None:
    for _ in range(300):
        assert server.is_up(), server.log()
        try:
            with socket.create_connection(("127.0.0.1", port), 2) as line:
                if line.recv(10):
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"Dovecot does not answer: {server.log()}")


def _quoted(name: str) -> str:
    return f'"{name}"'
