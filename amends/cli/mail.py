"""`amends mail`: where a provider hears and writes, and whether its letters leave."""

from __future__ import annotations

import re
import sys
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from amends.cli.desk import open_desk, provider_named, time
from amends.cli.house import BY
from amends.cli.mailboxes import check, sign_on, try_out
from amends.cli.said import Unusable, as_format, emit, in_words, london, note, say, secret_from_stdin

if TYPE_CHECKING:
    from datetime import datetime

    from amends.desk.models import Mailbox, Provider

LISTS: Final = ("form_relays", "own_lists", "more_folders")
ANSWERS: Final = {"yes", "y"}


@click.group(short_help="Mailboxes, and whether letters leave.")
def mail() -> None:
    """Where a provider hears and writes, and whether its letters leave. Off until it is switched on."""


mail.add_command(sign_on)
mail.add_command(check)
mail.add_command(try_out)


@mail.command("show")
@click.argument("slug", metavar="PROVIDER", required=False)
@as_format
def show(slug: str | None, *, as_json: bool) -> int:
    """Show what becomes of letters, the mailboxes, and the letters that are held: how many, of which kind, how old.

    \b
    Examples:
      amends mail show
      amends mail show opus-telecoms --format json
    """
    open_desk()
    from amends.desk.models import Provider

    wanted = [provider_named(slug)] if slug else list(Provider.objects.order_by("pk"))
    found = [_shown(each) for each in wanted]
    if as_json:
        emit(found)
    for each in () if as_json else found:
        say(f"{each['provider']}: mail {each['mail']}")
        for box in each["mailboxes"]:
            say(f"  {box['address']}  in: {box['imap'] or 'pipe or LMTP'}  out: {box['smtp'] or 'none'}")
            say(f"    last brought mail: {in_words(box['last_heard'], 'never')}")
            if box["last_error"]:
                say(f"    cannot be read: {box['last_error']}")
            for named in box["passwords_missing"]:
                say(f"    password {named}: not there for this command")
        _say_held(each["held"])
    return 0


def _shown(provider: Provider) -> dict[str, Any]:
    from amends.desk.models import Mailbox

    boxes = Mailbox.objects.filter(provider=provider).order_by("pk")
    return {
        "provider": provider.pk,
        "mail": str(provider.mail),
        "mailboxes": [_box_json(box) for box in boxes],
        "held": _held(provider),
    }


def _box_json(box: Mailbox) -> dict[str, Any]:
    """A mailbox without its passwords, which stand elsewhere."""
    return {
        "address": box.address,
        "from_name": box.from_name,
        "imap": f"{box.imap_host}:{box.imap_port}" if box.imap_host else None,
        "smtp": f"{box.smtp_host}:{box.smtp_port} ({box.smtp_tls})" if box.smtp_host else None,
        "signs_in_by": _signs_in_by(box),
        "folders": [box.imap_folder, *box.more_folders],
        "junk": (box.junk_folder or "find") if box.reads_junk else "none",
        "return_path": "token" if box.token_in_return_path else "mailbox",
        "form_relays": list(box.form_relays),
        "own_lists": list(box.own_lists),
        "last_heard": london(box.last_heard),
        "last_error": box.last_error,
        "passwords_missing": _missing(box),
    }


def _signs_in_by(box: Mailbox) -> str:
    from amends.desk.grants import grant_of

    grant = grant_of(box)
    return f"OAuth 2 ({grant.service}, {grant.flow})" if grant else "password"


def _held(provider: Provider) -> list[dict[str, Any]]:
    from amends.desk.providers import held_summary

    return [
        {
            "letter": held.letter, "channel": held.channel, "count": held.count, "oldest": london(held.oldest),
            "newest": london(held.newest),
        }
        for held in held_summary(provider)
    ]  # fmt: skip


def _say_held(held: list[dict[str, Any]]) -> None:
    for each in held:
        first, last = in_words(each["oldest"]), in_words(each["newest"])
        say(
            f"  held: {each['count']} {each['letter']} by {each['channel']}, "
            f"decided {first}{f' to {last}' if last != first else ''}"
        )


@mail.command("set")
@click.argument("slug", metavar="PROVIDER")
@click.option("--address", required=True, help="The mailbox's address; plus-addresses of it must reach it.")
@click.option("--from-name", help="The name beside it on letters.")
@click.option("--smtp-host", help="The server that letters leave through.")
@click.option("--smtp-port", type=click.IntRange(1, 65535))
@click.option(
    "--smtp-tls", type=click.Choice(["starttls", "tls", "none"]), help="`none` only for this machine."
)
@click.option("--smtp-user")
@click.option(
    "--smtp-password", metavar="env:NAME|stdin", help="Where the password is; stdin keeps it in the folder."
)
@click.option("--imap-host", help="The server to fetch mail from.")
@click.option("--imap-port", type=click.IntRange(1, 65535))
@click.option("--imap-tls/--no-imap-tls", default=None, help="No TLS only for this machine.")
@click.option("--imap-user")
@click.option("--imap-password", metavar="env:NAME|stdin", help="As --smtp-password.")
@click.option("--imap-folder")
@click.option("--folder", "more_folders", multiple=True, help="A further folder that is read.")
@click.option(
    "--junk", metavar="find|none|FOLDER", help="The junk folder: found by itself, not read, or this one."
)
@click.option(
    "--return-path", type=click.Choice(["token", "mailbox"]),
    help="Where reports on letters go: `mailbox` where an account may send as itself alone.",
)  # fmt: skip
@click.option("--since", metavar="DATE", help="Fetch what came from this day on; today for a new mailbox.")
@click.option(
    "--form-relay", "form_relays", multiple=True, help="A web form that writes for the customer in Reply-To."
)
@click.option(
    "--own-list", "own_lists", multiple=True, metavar="LIST-ID", help="A group that carries this mailbox."
)
@click.option("--silent-after-hours", type=click.IntRange(1, 10_000), help="When silence raises an alarm.")
def set_mailbox(slug: str, address: str, since: str | None, **given: Any) -> int:  # noqa: ANN401 - click's values
    """Make or change a mailbox; what is not given stays as it is. Passwords never enter the database.

    \b
    Examples:
      amends mail set opus-telecoms --address complaints@opus.example --smtp-host mail.opus.example \\
        --smtp-user complaints --smtp-password env:OPUS_SMTP
      amends mail set opus-telecoms --address complaints@opus.example --imap-host mail.opus.example \\
        --imap-user complaints --imap-password stdin < password.txt
    """
    open_desk()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from amends.desk.models import Mailbox

    owner = provider_named(slug)
    box = Mailbox.objects.filter(provider=owner, address=address).first() or Mailbox(
        provider=owner, address=address, created=time(None)
    )
    _change(box, given)
    _begin(box, since, time(None))
    _refuse_open_lines(box)
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise Unusable(f"--address: {address!r} is no email address") from wrong
    box.save()
    say(f"{address} of {slug} is set; mail is {owner.mail}")
    _warn_of_missing([box])
    return 0


def _change(box: Mailbox, given: dict[str, Any]) -> None:
    from amends.desk.home import keep_password

    box.inside = True  # whoever may type commands here may lead the desk to a server in its own house
    for name, value in given.items():
        if value is None or value == ():
            continue
        if name.endswith("_password"):
            kept = value
            if value == "stdin":
                file = re.sub(r"[^a-z0-9]+", "-", f"{box.provider_id} {box.address} {name}".lower())
                kept = keep_password(file, secret_from_stdin(f"{name.partition('_')[0].upper()} password"))
            elif not value.startswith("env:"):
                raise Unusable(f"--{name.replace('_', '-')}: name it env:NAME, or say stdin")
            setattr(box, name, kept)
        elif name == "junk":
            box.reads_junk, box.junk_folder = value != "none", "" if value in ("find", "none") else value
        elif name == "return_path":
            box.token_in_return_path = value == "token"
        else:
            setattr(box, name, list(value) if name in LISTS else value)


def _missing(box: Mailbox) -> list[str]:
    """The passwords that a mailbox names and that are not found where this command runs."""
    from amends.desk.missing_passwords import of_mailbox

    return [each.named for each in of_mailbox(box)]


def _warn_of_missing(boxes: list[Mailbox]) -> None:
    """Say that a password is not there: letters and mailboxes would wait for it without a word."""
    for box in boxes:
        for named in _missing(box):
            note(
                f"warning: {box.address} names its password as {named}, which is not there for this command. Unless "
                "`amends work` has it, no letter leaves and no mailbox is read; `stdin` keeps it in the folder instead"
            )


def _begin(box: Mailbox, since: str | None, now: datetime) -> None:
    """From which day mail is fetched: an old mailbox must not become a thousand new complaints (L22)."""
    from amends.core.calendar import london_date
    from amends.desk.imap import SINCE

    if since is None and (box.last_uid or not box.imap_host):
        return
    try:
        day = date.fromisoformat(since) if since else london_date(now)
    except ValueError as wrong:
        raise Unusable(f"--since: {since!r} is no date: write it like 2026-04-08") from wrong
    box.last_uid, box.fetch_from = f"{SINCE}{day.isoformat()}", day


def _refuse_open_lines(box: Mailbox) -> None:
    from amends.desk.outbox import is_loopback

    if box.smtp_host and box.smtp_tls == "none" and not is_loopback(box.smtp_host):
        raise Unusable("--smtp-tls none: letters leave this machine only encrypted")
    if box.imap_host and not box.imap_tls and not is_loopback(box.imap_host):
        raise Unusable("--no-imap-tls: passwords and mail leave this machine only encrypted")


@mail.command("on")
@click.argument("slug", metavar="PROVIDER")
@click.option("--live", "way", flag_value="live", help="Letters leave by SMTP.")
@click.option("--folder", "way", flag_value="folder", help="Letters are written into the desk's own folder.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def switch_on(slug: str, way: str | None, *, yes: bool) -> int:
    """Switch a provider's mail on, after showing which letters are held. They stay held until `amends mail release`.

    \b
    Examples:
      amends mail on opus-telecoms --live
      amends mail on opus-telecoms --folder --yes
    """
    if way is None:
        raise Unusable("say which: --live, or --folder")
    open_desk()
    from amends.desk.models import Mailbox

    owner = provider_named(slug)
    held = _held(owner)
    _say_held(held)
    if not yes and not _agreed(f"Let new letters of {slug} leave from now on ({way})?"):
        return 1
    _switch(owner, way)
    if way == "live":
        _warn_of_missing(list(Mailbox.objects.filter(provider=owner).exclude(smtp_host="")))
    say(
        f"mail of {slug} is {way}"
        + ("; the letters above are still held: amends mail release" if held else "")
    )
    return 0


@mail.command("off")
@click.argument("slug", metavar="PROVIDER")
def switch_off(slug: str) -> int:
    """Stop a provider's letters at once: what is decided from now on is held.

    \b
    Example:
      amends mail off opus-telecoms
    """
    open_desk()
    _switch(provider_named(slug), "off")
    say(f"mail of {slug} is off")
    return 0


def _switch(owner: Provider, way: str) -> None:
    from amends.desk.models import Mail
    from amends.desk.providers import switch_mail

    refusal = switch_mail(owner, Mail(way), by=BY, now=time(None))
    if refusal is not None:
        raise Unusable(f"{owner.pk}: {refusal}")


@mail.command("release")
@click.argument("slug", metavar="PROVIDER")
@click.option(
    "--send", "send", multiple=True, metavar="LETTER", help="A kind of held letter that leaves now."
)
@click.option(
    "--drop", "drop", multiple=True, metavar="LETTER", help="A kind that is withdrawn; never the ADR letter."
)
@click.option("--why", default="", help="Why letters are dropped.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def release(slug: str, send: tuple[str, ...], drop: tuple[str, ...], why: str, *, yes: bool) -> int:
    """Let held letters go, kind by kind; without a kind, show what is held.

    \b
    Examples:
      amends mail release opus-telecoms
      amends mail release opus-telecoms --send adr-letter --drop acknowledgement --why "imported cases"
    """
    open_desk()
    from amends.core.may import Refusal
    from amends.desk.providers import DROP, SEND
    from amends.desk.providers import release as let_go

    owner = provider_named(slug)
    _say_held(_held(owner))
    kinds = {**dict.fromkeys(send, SEND), **dict.fromkeys(drop, DROP)}
    if not kinds:
        return 0
    if not yes and not _agreed("; ".join(f"{fate} {letter}" for letter, fate in kinds.items()) + "?"):
        return 1
    released = let_go(owner, kinds, why=why, by=BY, now=time(None))
    if isinstance(released, Refusal):
        raise Unusable(f"{slug}: {released}")
    say(f"sent: {sum(released.sent.values())}, dropped: {sum(released.dropped.values())}")
    return 0


@mail.command("again")
@click.argument("slug", metavar="PROVIDER")
@click.argument("key", metavar="KEY")
def send_again(slug: str, key: str) -> int:
    """Let one letter that is in doubt go once more, because you have looked: it carries the same Message-ID.

    \b
    Example:
      amends mail again opus-telecoms OT-M74V-F8BH/reply/1
    """
    open_desk()
    from amends.desk import outbox
    from amends.desk.models import Outgoing

    letter = Outgoing.objects.filter(provider=provider_named(slug), key=key).first()
    if letter is None or not outbox.send_again(letter, time(None)):
        state = f"is {letter.state}" if letter else "is no letter"
        raise Unusable(f"{slug}: {key!r} {state}; only a letter in doubt goes again")
    say(f"{key} leaves at the next tick")
    return 0


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise Unusable(f"{question} Nobody can be asked here: add --yes")
    return click.confirm(question)
