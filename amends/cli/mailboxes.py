"""`amends mail sign-on`, `mail test`, `mail check`: a mailbox opened without a password, tried, and what its mail passes."""

from __future__ import annotations

import sys
import threading
import time as clock
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, Final, Self

import click

from amends.cli.desk import open_desk, provider_named, time
from amends.cli.house import BY
from amends.cli.said import Unusable, as_format, emit, note, say, secret_from_stdin

if TYPE_CHECKING:
    from amends.desk.mail_services import Service
    from amends.desk.mail_sign_on import Application
    from amends.desk.missing_passwords import Missing
    from amends.desk.models import Mailbox

WAYS: Final = ("application", "device", "browser", "paste")
BROWSER_WAITS: Final = 600.0
"""Seconds for somebody to sign in with a browser."""


@click.command("sign-on")
@click.argument("slug", metavar="PROVIDER")
@click.option("--address", required=True, help="The mailbox; `amends mail set` makes it first.")
@click.option(
    "--service",
    type=click.Choice(["microsoft", "google", "other"]),
    help="Whose mailbox it is. `other` needs its addresses.",
)
@click.option(
    "--way", type=click.Choice(WAYS), default="device", show_default=True,
    help="As the application itself (Microsoft); or somebody signs in: with a code on any device, with a browser on this "
    "machine, or elsewhere, pasting the address at which it ended.",
)  # fmt: skip
@click.option("--tenant", help="Of Microsoft: the organisation's id, or a domain of it.")
@click.option("--client-id", help="The application, as the service calls it.")
@click.option("--client-secret", metavar="env:NAME|stdin", help="Its secret, where it has one.")
@click.option("--token-url", help="Where tokens are given, for a service that is not known here.")
@click.option("--device-url", help="Where codes for devices are given.")
@click.option("--authorize-url", help="The page of agreement.")
@click.option("--scope", help="What is asked for, with spaces between.")
@click.option("--private-network", is_flag=True, help="The token server may stand in a private network.")
@click.option("--end", is_flag=True, help="A password opens the mailbox again; the kept tokens are deleted.")
def sign_on(slug: str, address: str, *, end: bool, **said: Any) -> int:  # noqa: ANN401 - click's values
    """Let the desk into a mailbox by OAuth 2, where passwords are not taken (Microsoft 365, Google).

    \b
    Examples:
      amends mail sign-on opus-telecoms --address complaints@opus.example --service microsoft --way application \\
        --tenant opus.example --client-id 00000000-0000-0000-0000-000000000000 --client-secret stdin < secret.txt
      amends mail sign-on opus-telecoms --address complaints@opus.example --service google --way paste \\
        --client-id 123.apps.googleusercontent.com --client-secret env:GOOGLE_SECRET
    """
    open_desk()
    from amends.desk import mail_sign_on
    from amends.desk.grants import NotGranted

    box = mailbox_named(slug, address)
    if end:
        if not mail_sign_on.end(box, by=BY, now=time(None)):
            raise Unusable(f"{address}: nothing but a password opens it")
        say(f"{address}: a password opens it again, and the tokens are gone")
        return 0
    app = _application(said)
    try:
        _agreed(app, box, said["way"])
    except NotGranted as refused:
        note(f"{address}: {refused}")
        return 1
    _fill_in(box, app.service)
    say(f"{address}: the desk is let in; `amends mail test {slug}` tries it")
    return 0


def mailbox_named(slug: str, address: str) -> Mailbox:
    """The mailbox of a provider. Raises Unusable, naming those that there are."""
    from amends.desk.models import Mailbox

    owner = provider_named(slug)
    found = Mailbox.objects.filter(provider=owner, address__iexact=address).first()
    if found is None:
        known = (
            ", ".join(Mailbox.objects.filter(provider=owner).values_list("address", flat=True)) or "none yet"
        )
        raise Unusable(f"{slug} has no mailbox {address!r}; it has: {known}")
    return found


def _application(said: dict[str, Any]) -> Application:
    from amends.desk.calls import unusable
    from amends.desk.home import sealed
    from amends.desk.mail_sign_on import Application

    if not said["service"] or not said["client_id"]:
        raise Unusable("--service and --client-id are needed")
    service = _service(said)
    for name in ("token_url", "device_url", "authorize_url"):
        why = unusable(getattr(service, name)) if getattr(service, name) else ""
        if why:
            raise Unusable(f"--{name.replace('_', '-')}: {why}")
    if not service.token_url:
        raise Unusable("--token-url is needed for a service that is not known here")
    named = said["client_secret"] or ""
    if named == "stdin":
        named = sealed(secret_from_stdin("secret of the application"))
    elif named and not named.startswith("env:"):
        raise Unusable("--client-secret: name it env:NAME, or say stdin")
    return Application(service, said["client_id"], named, said["private_network"])


def _service(said: dict[str, Any]) -> Service:
    """The service that is named, with whatever else was said of it."""
    from dataclasses import replace

    from amends.desk.mail_services import MICROSOFT, SERVICES

    if said["service"] == MICROSOFT and not said["tenant"]:
        raise Unusable("--tenant: give the organisation's id, or a domain of it such as contoso.com")
    try:
        found = SERVICES[said["service"]].at(said["tenant"] or "")
    except ValueError as wrong:
        raise Unusable(f"--tenant: {wrong}") from wrong
    given = {name: said[name] for name in ("token_url", "device_url", "authorize_url") if said[name]}
    if said["scope"]:
        given |= {"scope": said["scope"], "application_scope": said["scope"]}
    return replace(found, **given)


def _agreed(app: Application, box: Mailbox, way: str) -> None:
    from amends.desk import mail_sign_on

    if way == "application":
        mail_sign_on.as_application(app, box, by=BY, now=time(None))
        return
    if way == "device":
        code = mail_sign_on.begin_device(app)
        say(f"Open {code.address} on any device, sign in as {box.address}, and type {code.said}")
        said = mail_sign_on.wait_for_device(app, code, clock.sleep)
    else:
        said = _by_browser(app, box, pasted=way == "paste")
    mail_sign_on.as_person(app, box, said, by=BY, now=time(None))


def _by_browser(app: Application, box: Mailbox, *, pasted: bool) -> dict[str, Any]:
    from amends.desk import mail_sign_on
    from amends.desk.grants import NotGranted

    if not app.service.authorize_url:
        raise Unusable("--authorize-url is needed for a service that is not known here")
    with _Back() as back:
        visit = mail_sign_on.begin_visit(app, back.address, box.address)
        say(f"Open this with a browser, and sign in as {box.address}:\n{visit.address}")
        if pasted:
            say("At the end the browser shows an address that it cannot open. Paste it here:")
            ended = sys.stdin.readline()
        else:
            ended = back.wait()
    if not ended.strip():
        raise NotGranted("nobody came back from the page of agreement")
    return mail_sign_on.end_visit(app, visit, ended)


class _Back:
    """Where a browser comes back to: an address of this machine, which hears one visit and tells nobody else (RFC 8252)."""

    def __init__(self) -> None:
        heard = self._heard = threading.Event()
        self._ended = ""
        back = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if "state=" in self.path:
                    back._ended = self.path
                    heard.set()
                words = b"You can close this page, and go on where you began."
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(words)))
                self.end_headers()
                self.wfile.write(words)

            def log_message(self, *said: object) -> None:
                """What it is told is a secret for a minute."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
        ).start()
        return self

    def __exit__(self, *fault: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self) -> str:
        """The address at which the browser ended; "" where nobody came."""
        self._heard.wait(BROWSER_WAITS)
        return self._ended


def _fill_in(box: Mailbox, service: Service) -> None:
    """The service's own mail servers, where none is set."""
    if service.imap[0] and not box.imap_host:
        box.imap_host, box.imap_port = service.imap
    if service.smtp[0] and not box.smtp_host:
        box.smtp_host, box.smtp_port = service.smtp
    if service.sends_as_itself_alone:
        box.token_in_return_path = False
    box.save(update_fields=["imap_host", "imap_port", "smtp_host", "smtp_port", "token_in_return_path"])


@click.command("test")
@click.argument("slug", metavar="PROVIDER")
@click.option("--address", help="One mailbox; all without it.")
@as_format
def try_out(slug: str, address: str | None, *, as_json: bool) -> int:
    """Sign in where mailboxes are read and where they send. Nothing is fetched and nothing is sent.

    \b
    Examples:
      amends mail test opus-telecoms
      amends mail test opus-telecoms --address complaints@opus.example --format json
    """
    open_desk()
    from amends.desk.mailbox_trial import try_mailbox
    from amends.desk.models import Mailbox

    boxes = [mailbox_named(slug, address)] if address else list(
        Mailbox.objects.filter(provider=provider_named(slug)).order_by("pk")
    )  # fmt: skip
    found = [(box.address, try_mailbox(box)) for box in boxes]
    if as_json:
        emit([{"address": name, "tried": [each.as_json() for each in tried]} for name, tried in found])
    for name, tried in () if as_json else found:
        for each in tried:
            say(f"{name}: {each.what}: {'well' if each.well else 'NOT WELL'}: {each.words}")
        if not tried:
            say(f"{name}: no server is set")
    return 0 if all(each.well for _, tried in found for each in tried) else 1


@click.command("check")
@click.argument("slug", metavar="PROVIDER")
@as_format
def check(slug: str, *, as_json: bool) -> int:
    """Say what receivers check of a provider's mail (SPF, DKIM, DMARC), as far as is known without asking anybody.

    A password that a mailbox names and that is not set where this runs is told, too: a remark until letters leave.

    \b
    Examples:
      amends mail check opus-telecoms
      amends mail check opus-telecoms --format json
    """
    open_desk()
    from amends.desk.alignment import findings, records
    from amends.desk.missing_passwords import of_provider

    owner = provider_named(slug)
    found, wanted, missing = findings(owner), records(owner), list(of_provider(owner))
    if as_json:
        dns = [{"name": each.name, "kind": each.kind, "value": each.value} for each in wanted]
        passwords = [each.as_json() for each in missing]
        emit({"findings": [each.as_json() for each in found], "passwords": passwords, "dns": dns})
    for each in () if as_json else found:
        say(f"{each.mailbox or slug}: {each.what}: {'well' if each.well else 'NOT WELL'}: {each.words}")
    for gone in () if as_json else missing:
        say_missing(gone)
    for line in () if as_json else wanted:
        say(f"DNS: {line.name}  {line.kind}  {line.value}")
    return 0 if all(each.well for each in found) and not any(each.fails for each in missing) else 1


def say_missing(gone: Missing) -> None:
    """Say that a password is not there, what cannot be done without it, and how it is mended."""
    how = "NOT WELL" if gone.fails else "remark"
    say(f"{gone.mailbox}: password for {gone.what}: {how}: {gone.words}")
    say(f"    {gone.mend}")
    if not gone.fails:
        say("    Letters of this provider do not leave by SMTP yet: until they do, this is no failure.")
