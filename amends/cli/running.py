"""`amends work`, `amends serve`, `amends doctor`, `amends demo`: the desk running, and whether it is well."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any, Final

import click

from amends.cli.desk import open_desk, time
from amends.cli.mailboxes import say_missing
from amends.cli.said import Unusable, as_format, emit, in_words, london, note, say
from amends.core.saying import counted

WEB: Final = "amends.desk.wsgi:application"
PORTALS_NAMED: Final = 5


@click.command(short_help="Keep doing all that falls due.")
@click.option("--lmtp", metavar="HOST:PORT", help="Also take mail by LMTP there, such as 127.0.0.1:8024.")
@click.option("--once", is_flag=True, help="Look into every mailbox and do all that is due, once.")
def work(lmtp: str | None, *, once: bool) -> int:
    """Keep the desk going: what falls due, letters out, mailboxes in, promises watched. Ctrl-C ends it in good order.

    Any number may run side by side, on any number of machines with one PostgreSQL.

    \b
    Examples:
      amends work
      amends work --lmtp 127.0.0.1:8024
      amends work --once
    """
    door = _door(lmtp) if lmtp else None
    open_desk()
    if once:
        return _once()
    from amends.desk.worker import Lmtp, Worker

    worker = Worker(Lmtp(*door) if door else None)
    worker.stop_on_signals()
    note(f"working{f', LMTP at {lmtp}' if lmtp else ''}; Ctrl-C ends it")
    worker.run()
    return 0


def _once() -> int:
    from amends.desk.models import Mailbox
    from amends.desk.ticker import tick
    from amends.desk.worker import look_into

    now = time(None)
    for mailbox in Mailbox.objects.exclude(imap_host="").select_related("provider"):
        look_into(mailbox, now)
    return 1 if tick(now).poisoned else 0


def _door(said: str) -> tuple[str, int]:
    host, _, port = said.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise Unusable(f"--lmtp: {said!r} is no HOST:PORT, such as 127.0.0.1:8024")
    return host.strip("[]"), int(port)


@click.command(short_help="Serve the desk to browsers.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
@click.option(
    "--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="Threads of each process."
)
def serve(host: str, port: int, workers: int, threads: int) -> int:
    """Serve the console and the portal. Behind a proxy with TLS for anybody but this machine.

    \b
    Examples:
      amends serve
      AMENDS_SITE=https://complaints.example.net AMENDS_HOSTS=complaints.example.net amends serve --workers 2
    """
    open_desk()
    _refuse_taken(host, port)
    _refuse_strange_proxies()
    shown = f"[{host}]" if ":" in host else host
    for words in _addresses(shown, port):
        note(words)
    # gunicorn takes this process over, so that signals reach it and nothing else.
    os.execv(  # noqa: S606 - starts the program that this one names
        sys.executable,
        [
            sys.executable, "-m", "gunicorn", WEB, "--bind", f"{shown}:{port}", "--workers", str(workers),
            "--threads", str(threads), "--worker-class", "gthread", "--log-level", "warning", "--timeout", "60",
            "--no-control-socket",
        ],
    )  # fmt: skip


def _addresses(host: str, port: int) -> list[str]:
    """Where people open the desk and the portals; only addresses that answer are named."""
    from urllib.parse import urlsplit

    from django.conf import settings
    from django.http.request import validate_host

    from amends.desk.models import Provider
    from amends.desk.settings import LOOPBACK_NAMES

    hosts = settings.ALLOWED_HOSTS
    if validate_host(host.lower(), hosts):
        site = f"http://{host}:{port}"
        said = [f"Amends is at {site}/ ; Ctrl-C ends it"]
    else:
        site = settings.SITE
        said = [f"Amends listens at {host}:{port} for a proxy; people open {site}/ ; Ctrl-C ends it"]
        said.append(f"the proxy must pass on the Host that people typed: {', '.join(hosts)}")
    if not validate_host((urlsplit(settings.SITE).hostname or "").lower(), hosts):
        said.append(
            f"warning: letters name {settings.SITE} (AMENDS_SITE), which AMENDS_HOSTS does not list: it answers 400"
        )
    named = urlsplit(settings.SITE)
    if named.hostname in LOOPBACK_NAMES and named.port != port:
        said.append(
            f"warning: letters name {settings.SITE}: set AMENDS_SITE={site} for `amends work` and here"
        )
    slugs = Provider.objects.order_by("pk").values_list("pk", flat=True)[:PORTALS_NAMED]
    said += [f"The portal of {slug} for its customers: {site}/portal/{slug}/" for slug in slugs]
    return said


def _refuse_strange_proxies() -> None:
    from django.conf import settings

    from amends.desk.proxy import is_proxy

    try:
        is_proxy("127.0.0.1")
    except ValueError as wrong:
        raise Unusable(f"AMENDS_PROXIES: {', '.join(settings.PROXIES)}: {wrong}") from wrong


def _refuse_taken(host: str, port: int) -> None:
    """Say in one line that nobody can listen there; the web server would try for a while and say it in many."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family):
            pass
    except OSError as taken:
        raise Unusable(f"{host}:{port} cannot be listened at: {taken.strerror or taken}") from taken


@click.command(short_help="Say whether the desk is well; exit 1 when an alarm stands.")
@click.option("--tell", "told", is_flag=True, help="Also tell them outside the house, by `amends alarms`.")
@as_format
def doctor(*, told: bool, as_json: bool) -> int:
    """Watch every promise now and print the alarms that stand, each with its heading in docs/runbook.md.

    For whatever watches this machine: exit 0 when nothing stands, 1 when something does. It looks from outside, so that
    it also tells of a worker that is asleep; with --tell, from cron or a timer, by mail and webhook too. A password
    that a mailbox names and that is not set where this runs is a failure where letters leave, and else a remark.

    \b
    Examples:
      amends doctor
      amends doctor --format json
      amends doctor --tell
    """
    open_desk()
    from amends.desk.missing_passwords import of_everybody
    from amends.desk.models import Alarm
    from amends.desk.telling import tell
    from amends.desk.watch import watch

    now = time(None)
    watch(now)
    if told:
        tell(now, ping=False)
    standing = [
        _alarm(alarm) for alarm in Alarm.objects.filter(cleared__isnull=True).order_by("raised", "pk")
    ]
    missing = list(of_everybody())
    failing = sum(each.fails for each in missing)
    if as_json:
        passwords = [each.as_json() for each in missing]
        emit({"well": not standing and not failing, "alarms": standing, "passwords": passwords})
    else:
        for alarm in standing:
            whose = f"{alarm['provider']}: " if alarm["provider"] else ""
            say(f"{whose}{alarm['text']}")
            say(f"    since {in_words(alarm['raised'])}; docs/runbook.md: {alarm['runbook']}")
        for each in missing:
            say_missing(each)
        count = len(standing)
        wrong = [f"{counted(count, 'alarm')} {'stands' if count == 1 else 'stand'}"] if count else []
        wrong += (
            [f"{counted(failing, 'password')} {'is' if failing == 1 else 'are'} missing"] if failing else []
        )
        say("; ".join(wrong) or "well")
    return 1 if standing or failing else 0


def _alarm(alarm: Any) -> dict[str, Any]:  # noqa: ANN401 - the model is loaded only when Django is
    return {
        "kind": alarm.kind, "provider": alarm.provider_id, "text": alarm.text, "runbook": alarm.runbook,
        "raised": london(alarm.raised),
    }  # fmt: skip


@click.command(
    short_help="Play two months of an invented provider.",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def demo(arguments: tuple[str, ...]) -> int:
    """Play two months of an invented provider through the real rooms; `--serve` then opens it.

    \b
    Example:
      amends demo --serve
    """
    from amends.desk.demo.command import main

    return main(list(arguments))
