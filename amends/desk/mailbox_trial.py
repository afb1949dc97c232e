"""Trying a mailbox: really signing in where it is read and where it sends, and telling in words how that went.

Nothing is fetched, marked or sent, unless somebody asks for a letter to themselves; that letter is of no case, carries no
token, and leaves although the provider's mail is off, for it is no letter to a customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from typing import Any, Final

from amends.core.calendar import in_london
from amends.desk.imap_session import NotHeard, Session
from amends.desk.models import Mailbox
from amends.desk.outbox import server_of
from amends.desk.smtp import InDoubt, Line, NotSent

READS, SENDS, LETTER = "reading (IMAP)", "sending (SMTP)", "test letter"
_WAYS: Final = {"password": "with its password", "none": "without signing in"}


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried, whether it went well, and the words for it: the server's own where it did not."""

    what: str
    well: bool
    words: str

    def as_json(self) -> dict[str, Any]:
        """For `amends mail test`."""
        return {"what": self.what, "well": self.well, "words": self.words}


def try_mailbox(mailbox: Mailbox) -> tuple[Trial, ...]:
    """Sign in everywhere where this mailbox is read and sends. Takes as long as its servers take, a minute at most each."""
    trials = []
    if mailbox.imap_host:
        trials.append(_read(mailbox))
    if mailbox.smtp_host:
        trials.append(_send(mailbox))
    return tuple(trials)


def _read(mailbox: Mailbox) -> Trial:
    try:
        with Session(mailbox) as session:
            way, found = _way(session.way), []
            junk = (mailbox.junk_folder or session.junk()) if mailbox.reads_junk else ""
            for folder in dict.fromkeys((mailbox.imap_folder, *mailbox.more_folders, *filter(None, (junk,)))):
                session.open(str(folder))
                found.append(str(folder))
    except NotHeard as broken:
        return _failed(READS, str(broken))
    no_junk = "" if junk or not mailbox.reads_junk else "; no junk folder was found"
    return _went_well(READS, f"{mailbox.imap_host} let us in {way}; folders: {', '.join(found)}{no_junk}")


def _send(mailbox: Mailbox) -> Trial:
    try:
        with _line(mailbox) as line:
            way = _way(line.open())
    except NotSent as broken:
        return _failed(SENDS, str(broken))
    return _went_well(SENDS, f"{mailbox.smtp_host} let us in {way}")


def send_letter(mailbox: Mailbox, to: str, now: datetime) -> Trial:
    """A letter to whoever tries it, from the mailbox, as a customer's would leave it."""
    mail = EmailMessage()
    domain = mailbox.address.rpartition("@")[2]
    name = " ".join((mailbox.from_name or mailbox.provider.name).split())
    mail["From"] = formataddr((name, mailbox.address))
    mail["To"] = to
    mail["Subject"] = "A test letter from your complaints desk"
    mail["Date"] = format_datetime(in_london(now))
    mail["Message-ID"] = make_msgid(domain=domain)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        f"This letter left through {mailbox.smtp_host} for {mailbox.address}, because somebody asked for it in the desk.\n\n"
        "Look at its source in your mail program: SPF, DKIM and DMARC should each say pass.\n"
    )
    try:
        with _line(mailbox) as line:
            line.send(mailbox.address, to, mail.as_bytes())
    except (NotSent, InDoubt) as broken:
        return _failed(LETTER, str(broken))
    return _went_well(LETTER, f"it was handed over for {to}")


def _line(mailbox: Mailbox) -> Line:
    return Line(server_of(mailbox), mailbox.address.rpartition("@")[2])


def _way(way: str) -> str:
    return _WAYS.get(way, f"with a token ({way})")


def _went_well(what: str, words: str) -> Trial:
    return Trial(what, well=True, words=words)


def _failed(what: str, words: str) -> Trial:
    return Trial(what, well=False, words=words)
