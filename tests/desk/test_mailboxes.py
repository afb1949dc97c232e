"""Mailboxes in the console: who may set them, what is kept of it, the button that tries them, and where it may not lead."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from amends.desk import home
from amends.desk.alignment import findings, records
from amends.desk.mail_services import MICROSOFT, SERVICES, Service
from amends.desk.models import AuditEntry, Mailbox, MailGrant
from amends.desk.people import person_id
from amends.desk.smtp import Line, NotReached, Server
from tests.desk.mailbox_server import Box, mailbox_server
from tests.desk.office import Office
from tests.desk.peer import Peer, peer
from tests.desk.token_server import APPLICATION, SCOPE, SECRET, token_server
from tests.desk.visitor import Page

pytestmark = pytest.mark.django_db

KEEP = "Keep these settings"
TRY = "Try it: sign in, and send nothing"


@pytest.fixture
def box() -> Iterator[Box]:
    with mailbox_server(Box()) as served:
        yield served


@pytest.fixture
def relay() -> Iterator[Peer]:
    with peer() as served:
        yield served


def mailbox(office: Office, box: Box | None = None, relay: Peer | None = None, **more: object) -> Mailbox:
    """A mailbox that whoever keeps the machine has set up on it."""
    servers: dict[str, object] = {}
    if box:
        servers |= {
            "imap_host": "127.0.0.1",
            "imap_port": box.port,
            "imap_tls": False,
            "imap_user": "complaints",
        }
        servers["imap_password"] = home.sealed(box.password)
    if relay:
        servers |= {"smtp_host": "127.0.0.1", "smtp_port": relay.port, "smtp_tls": "none"}
    return Mailbox.objects.create(
        **{"provider": office.provider, "address": "complaints@larkfield.example", **servers, **more}
    )


def page(office: Office, found: Mailbox, role: str = "manager") -> Page:
    return office.visitor(role).get(office.at(f"provider/mailboxes/{found.pk}"))


def pressed(office: Office, found: Mailbox, button: str, **said: str) -> Page:
    """What a manager sees after pressing a button on the page of a mailbox."""
    mia = office.visitor("manager")
    return mia.press(mia.get(office.at(f"provider/mailboxes/{found.pk}")), button, **said)


def test_a_manager_sets_a_mailbox_up_and_the_audit_has_who_and_never_the_secret(office: Office) -> None:
    mia = office.visitor("manager")
    done = mia.press(
        mia.get(office.at("provider/mailboxes/new")), KEEP, address="complaints@larkfield.example",
        imap_host="imap.larkfield.example", imap_user="complaints", imap_password="a secret of the mailbox",
        smtp_host="smtp.larkfield.example", more_folders="Moved\nOld", junk="named", junk_folder="Spam",
    )  # fmt: skip
    assert "The mailbox is set" in done.words
    made = Mailbox.objects.get()
    assert (made.more_folders, made.junk_folder, made.reads_junk) == (["Moved", "Old"], "Spam", True)
    assert home.password(made.imap_password) == "a secret of the mailbox"
    assert made.last_uid.startswith("since:"), "an old mailbox becomes no thousand new complaints"
    entry = AuditEntry.objects.get(what="mailbox made")
    assert entry.by == person_id(office.people["manager"])
    assert entry.detail["changed"]["imap_password"] == "a new one"
    for where in (str(entry.detail), made.imap_password, done.words, page(office, made).words):
        assert "a secret of the mailbox" not in where


def test_a_password_box_says_that_it_stays_only_where_one_is_kept(office: Office) -> None:
    def hints(shown: Page) -> list[str]:
        boxes = shown.doc.xpath(
            "//main//input[@type='password'][contains(@name, 'map_') or contains(@name, 'mtp_')]"
        )
        by_id = [shown.doc.get_element_by_id(each.get("aria-describedby").split()[0]) for each in boxes]
        return [" ".join(each.text_content().split()) for each in by_id]

    kept = "One is kept. Empty: it stays as it is. It is never shown."
    mia = office.visitor("manager")
    assert hints(mia.get(office.at("provider/mailboxes/new"))) == ["It is never shown."] * 2
    half = mailbox(office, imap_host="imap.larkfield.example", imap_password=home.sealed("secret"))
    assert hints(page(office, half)) == [kept, "It is never shown."]


def test_what_is_not_changed_stays_and_makes_no_entry(office: Office) -> None:
    made = mailbox(office, imap_host="imap.larkfield.example", imap_password="env:THERE")
    mia = office.visitor("manager")
    mia.press(mia.get(office.at(f"provider/mailboxes/{made.pk}")), KEEP)
    assert not AuditEntry.objects.filter(what__startswith="mailbox").exists()
    mia.press(mia.get(office.at(f"provider/mailboxes/{made.pk}")), KEEP, silent_after_hours="24")
    made.refresh_from_db()
    assert (made.silent_after_hours, made.imap_password, made.inside) == (24, "env:THERE", True)
    assert AuditEntry.objects.get(what="mailbox changed").detail["changed"] == {"silent_after_hours": 24}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.5", "192.168.1.1", "169.254.169.254", "[::1]", "intranet", "fe80::1"]
)  # fmt: skip
def test_the_console_leads_the_desk_to_no_place_that_only_this_machine_reaches(
    office: Office, host: str
) -> None:
    made = mailbox(office)
    mia = office.visitor("manager")
    for part in ("imap", "smtp"):
        done = mia.press(mia.get(office.at(f"provider/mailboxes/{made.pk}")), KEEP, **{f"{part}_host": host})
        assert done.status == 422
        assert "a private network" in done.words
    made.refresh_from_db()
    assert (made.imap_host, made.smtp_host) == ("", "")


def test_a_name_that_leads_inside_is_refused_when_it_is_called(
    office: Office, box: Box, relay: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = mailbox(office, box, relay, inside=False)
    Mailbox.objects.update(imap_host="mail.larkfield.example", smtp_host="mail.larkfield.example")
    from amends.desk import calls

    monkeypatch.setattr(calls, "_addresses", lambda _host, _port: [ip_address("127.0.0.1")])
    done = pressed(office, made, TRY)
    assert "the address leads into this machine or its own line" in done.words
    with pytest.raises(NotReached, match="this machine or its own line"):
        Line(Server("mail.larkfield.example", relay.port, "none", inside=False)).open()
    assert box.commands == []


def test_what_is_kept_for_one_server_goes_to_no_other(office: Office) -> None:
    made = mailbox(office, imap_host="imap.larkfield.example", imap_password=home.sealed("secret"))
    mia = office.visitor("manager")
    done = mia.press(mia.get(office.at(f"provider/mailboxes/{made.pk}")), KEEP, imap_host="imap.evil.example")
    assert "Give the password again" in done.words
    MailGrant.objects.create(
        mailbox=made, provider=office.provider, token_url="https://x.example/", client_id="c"
    )
    done = mia.press(
        mia.get(office.at(f"provider/mailboxes/{made.pk}")), KEEP, imap_host="imap.evil.example", imap_password="x"
    )  # fmt: skip
    assert "end the sign-on first" in done.words
    made.refresh_from_db()
    assert made.imap_host == "imap.larkfield.example"


def test_the_button_really_signs_in_and_sends_nothing(office: Office, box: Box, relay: Peer) -> None:
    made = mailbox(office, box, relay)
    done = pressed(office, made, TRY)
    assert "let us in with its password; folders: INBOX" in done.words
    assert "let us in without signing in" in done.words
    assert any(command.startswith("LOGIN") for command in box.commands)
    assert relay.taken == []
    box.password = "changed"
    done = pressed(office, made, TRY)
    assert "Not well: reading (IMAP)" in done.words
    assert AuditEntry.objects.filter(what="mailbox tried").count() == 2


def test_a_test_letter_goes_to_whoever_asks_for_it_and_to_nobody_else(office: Office, relay: Peer) -> None:
    made = mailbox(office, None, relay)
    done = pressed(office, made, "Try it, with a test letter to manager@larkfield.example")
    assert "it was handed over for manager@larkfield.example" in done.words
    (taken,) = relay.taken
    assert (taken.sender, taken.recipient) == ("complaints@larkfield.example", "manager@larkfield.example")
    assert taken.mail["Auto-Submitted"] == "auto-generated"


def test_compliance_sees_how_mailboxes_are_and_sets_nothing(office: Office) -> None:
    made = mailbox(office, imap_host="imap.larkfield.example", last_error="imap.larkfield.example: no route")
    seen = office.visitor("compliance").get(office.at("provider/mailboxes"))
    assert "no route" in seen.words
    assert "Set up another mailbox" not in seen.words
    assert page(office, made, "compliance").status == 403
    assert page(office, made, "handler").status == 403


def test_a_mailbox_of_another_provider_is_not_there(office: Office) -> None:
    from tests.desk.made import provider

    other = Mailbox.objects.create(provider=provider("opus"), address="complaints@opus.example")
    assert page(office, other).status == 404


def test_microsoft_lets_the_desk_in_as_an_application(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = mailbox(office)
    with token_server() as house:
        theirs = Service(
            MICROSOFT, house.token_url, application_scope=SCOPE, imap=("imap.example", 993), smtp=("smtp.example", 587)
        )  # fmt: skip
        monkeypatch.setitem(SERVICES, MICROSOFT, theirs)
        said = {"application-tenant": "larkfield.example", "application-client_id": APPLICATION}
        done = pressed(office, made, "Let the desk in", **said, **{"application-client_secret": "wrong"})
        assert "invalid_client" in done.words
        assert not MailGrant.objects.exists()
        done = pressed(office, made, "Let the desk in", **said, **{"application-client_secret": SECRET})
    assert "The desk is let in" in done.words
    made.refresh_from_db()
    assert (made.imap_host, made.smtp_host, made.token_in_return_path) == (
        "imap.example",
        "smtp.example",
        False,
    )
    pressed(office, made, "End this: a password opens it again")
    assert not MailGrant.objects.exists()
    assert {e.by for e in AuditEntry.objects.filter(what__startswith="mailbox sign")} == {
        person_id(office.people["manager"])
    }


# --- what receivers check -----------------------------------------------------------------------------------


def not_well(office: Office) -> dict[str, str]:
    return {each.what: each.words for each in findings(office.provider) if not each.well}


def test_a_mailbox_of_its_own_domain_agrees_with_itself(office: Office) -> None:
    mailbox(office, smtp_host="smtp.larkfield.example", smtp_user="complaints@mail.larkfield.example")
    assert not_well(office) == {}
    assert [(r.name, r.kind) for r in records(office.provider)] == [
        ("larkfield.example", "TXT"), ("…._domainkey.larkfield.example", "DKIM"), ("_dmarc.larkfield.example", "TXT"),
    ]  # fmt: skip


def test_what_does_not_agree_is_said(office: Office) -> None:
    made = mailbox(office, smtp_host="smtp.office365.com", smtp_user="desk@parent.example")
    assert set(not_well(office)) == {"signing in", "who may send"}
    assert "include:spf.protection.outlook.com" in records(office.provider)[0].value
    Mailbox.objects.filter(pk=made.pk).update(
        address="larkfield@gmail.com", smtp_user="", token_in_return_path=False
    )
    assert set(not_well(office)) == {"From"}
    Mailbox.objects.filter(pk=made.pk).update(address="us@notgmail.com", smtp_host="")
    assert set(not_well(office)) == {"sending"}


def test_nothing_is_said_of_signing_in_where_nobody_signs_in(office: Office) -> None:
    made = mailbox(office, smtp_host="smtp.larkfield.example")
    assert "signing in" not in {each.what for each in findings(office.provider)}
    Mailbox.objects.filter(pk=made.pk).update(smtp_user="complaints")
    assert "signing in" in {each.what for each in findings(office.provider)}
    Mailbox.objects.filter(pk=made.pk).update(smtp_user="")
    MailGrant.objects.create(
        mailbox=made, provider=office.provider, service="other", flow="application", client_id="1"
    )
    assert "signing in" in {each.what for each in findings(office.provider)}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "10.0.0.5", "mailhub"])
def test_a_relay_inside_the_house_tells_nothing_of_whom_receivers_see(office: Office, host: str) -> None:
    mailbox(office, smtp_host=host)
    said = {each.what: each.words for each in findings(office.provider)}
    assert "SPF has to name that one" in said["leaving"]
    assert "v=spf1 … -all" in records(office.provider)[0].value
    assert f"a:{host}" not in records(office.provider)[0].value


@pytest.mark.parametrize(
    ("host", "spf"),
    [
        ("smtp.larkfield.example", "a:smtp.larkfield.example"),
        ("9.9.9.9", "ip4:9.9.9.9"),
        ("[2620:fe::9]", "ip6:2620:fe::9"),
    ],
)
def test_a_server_that_receivers_see_stands_in_spf_as_what_it_is(office: Office, host: str, spf: str) -> None:
    mailbox(office, smtp_host=host)
    assert "leaving" not in {each.what for each in findings(office.provider)}
    assert records(office.provider)[0].value == f"v=spf1 {spf} -all"
