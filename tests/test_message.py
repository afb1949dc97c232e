"""Any bytes become a message that people can use, with nothing lost and every oddity told (L17 to L20, L23, L25)."""

import base64
import hashlib
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.desk import message as reading
from amends.desk.address import Address, read_addresses
from amends.desk.attachment import file_name
from amends.desk.charset import codec_of, read_bytes
from amends.desk.fields import Mistakes
from amends.desk.message import Message, read_message
from amends.desk.quoted import new_words
from amends.desk.sanitise import sanitise

MAILS = Path(__file__).parent / "mail"
WEB_FORM = "noreply@www.opus.example"


def mail(name: str) -> bytes:
    return (MAILS / f"{name}.eml").read_bytes()


def read(name: str) -> Message:
    return read_message(mail(name), form_relays={WEB_FORM})


def letter(body: str = "Words.", **fields: str) -> bytes:
    head = {"From": "nia@example.org", "Message-ID": "<x@example.org>", **fields}
    lines = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in head.items())
    return f"{lines}\n{body}".encode()


def page(html: str) -> bytes:
    return letter(html, Content_Type="text/html; charset=utf-8")


# --- what a good mail says ---------------------------------------------------------------------------------


def test_a_good_mail_is_read_without_a_word_of_complaint() -> None:
    good = read("plain")
    assert good.mistakes == ()
    assert good.message_id == "plain-1@example.org"
    assert good.customer == Address("Nia Parry", "nia@example.org")
    assert [address.email for address in good.to] == ["complaints@opus.example"]
    assert good.subject == "No broadband for nine days"
    assert good.text.startswith("Our line has been down")
    assert good.new_text == good.text.strip()
    assert (good.html, good.attachments, good.machine) == ("", (), "")


def test_the_servers_time_stands_beside_the_senders_claim_both_in_utc() -> None:
    good = read("plain")
    assert good.date_header == datetime(2026, 4, 7, 8, 12, 5, tzinfo=UTC)
    assert good.received_by_server == datetime(2026, 4, 7, 8, 12, 31, tzinfo=UTC)


def test_only_the_topmost_received_field_counts() -> None:
    forged = b"Received: by mail.opus.example; Tue, 7 Apr 2026 09:12:31 +0100\n"
    older = b"Received: by liar.example; Mon, 1 Jan 2001 00:00:00 +0000\n"
    assert read_message(forged + older + letter()).received_by_server == datetime(
        2026, 4, 7, 8, 12, 31, tzinfo=UTC
    )
    assert read_message(letter()).received_by_server is None


@pytest.mark.parametrize(
    "line",
    [
        "Tue, 31 Feb 2026 25:61:00 +9900",
        "soon",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "9" * 300,
        "1 Jan 99999",
    ],
)
def test_an_impossible_date_is_none_and_told(line: str) -> None:
    odd = read_message(letter(Date=line))
    assert odd.date_header is None
    assert any("is no date" in mistake for mistake in odd.mistakes)


def test_both_forms_of_the_words_are_one_text_and_its_files_stand_beside_it() -> None:
    both = read("pictures-in-words")
    assert both.text == "The cabinet is flooded."
    assert both.html == '<p>The cabinet is <em>flooded</em>.</p><img alt="cabinet">'
    assert [(file.name, file.inline) for file in both.attachments] == [
        ("cabinet.jpg", True),
        ("attachment-2.eml", False),
    ]
    assert b"We cannot help." in both.attachments[1].content


def test_envelope_addresses_keep_their_plus_token() -> None:
    tokened = read_message(
        letter(Delivered_To="replies+k7f2@opus.example", X_Original_To="<replies+k7f2@opus.example>")
    )
    assert tokened.delivered_to == ("replies+k7f2@opus.example",)


def test_ids_are_told_without_brackets_and_noise_is_not_taken_for_one() -> None:
    guess = read("guessed-reference")
    assert guess.in_reply_to == ("ack.0001@opus.example",)
    assert guess.references == ("ack.0000@opus.example", "ack.0001@opus.example")


# --- ugly mail ---------------------------------------------------------------------------------------------

UGLY = [
    (
        "unknown-charset",
        "I was charged £40 twice – please look.",
        "charset 'x-foo' unknown: read as windows-1252",
    ),
    ("latin-said-to-be-utf8", "The café on Stryd Fôr has", "not good utf-8: read as windows-1252"),
    ("one-letter-damaged", "Mae’r tŷ heb wasanaeth", "not good utf-8: read as utf-8 with replacements"),
    ("no-message-id", "Nobody came on Monday", "no Message-ID"),
    ("nul", "Still waiting for the credit.", "NUL or broken characters in the text: removed"),
    ("nested-forty", "Level 29", "nesting deeper than 30 parts: the rest is kept in the raw message only"),
    ("no-body", "", "no words: only the headers"),
    ("two-from", "We both want", "two From addresses: nobody is taken for the customer"),
    ("from-without-address", "You have my name.", "From names no usable address"),
    ("broken-base64", "The box is open.", "broken base64: read as far as it can be"),
    (
        "words-said-to-be-base64",
        "I want to speak to a manager.",
        "said to be base64 and is not: read as it came",
    ),
    ("missing-boundary", "My words survive.", "the boundary is missing: taken from the first part"),
    ("multipart-without-parts", "There is only this line.", "multipart/alternative without parts"),
    ("no-empty-line", "the words begin at once and say\nnote: this", "no empty line after the headers"),
    ("not-a-mail", "ABCDEFGH", "no headers: all of it was read as the message"),
    ("closed-envelope", "", "the words are signed or encrypted as a closed file"),
    ("impossible-date", "Now.", "is no date"),
    ("carriage-returns-only", "Line one.\nLine two.", ""),
]


@pytest.mark.parametrize(("name", "words", "mistake"), UGLY, ids=[name for name, _, _ in UGLY])
def test_ugly_mail_keeps_its_words_and_says_what_was_odd(name: str, words: str, mistake: str) -> None:
    ugly = read(name)
    assert words in ugly.text
    assert any(mistake in told for told in ugly.mistakes) if mistake else ugly.mistakes == ()


@pytest.mark.parametrize(
    "name", ["two-from", "from-without-address", "address-inside-encoded-word", "not-a-mail"]
)
def test_nobody_is_taken_for_the_customer_where_the_sender_is_not_plainly_one(name: str) -> None:
    assert read(name).customer is None


def test_what_lies_deeper_than_the_limit_is_still_there_to_download() -> None:
    assert b"the innermost words" in read("nested-forty").attachments[-1].content


def test_a_fault_in_our_own_reading_still_gives_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(reading, "split_parts", broken)
    lost = read_message(mail("plain"))
    assert lost.mistakes == (
        "this mail could not be read (RecursionError: too deep): all of it is in the raw message",
    )
    assert lost.content_hash == hashlib.sha256(mail("plain")).hexdigest()
    assert lost.customer is None


@pytest.mark.parametrize(
    ("declared", "content", "text"),
    [
        ("iso-2022-jp", "ご連絡".encode("iso-2022-jp"), "ご連絡"),
        ("gb2312", "投诉".encode("gb18030"), "投诉"),
        ("ks_c_5601-1987", "불만".encode("cp949"), "불만"),
        ("ISO-8859-15", "€20".encode("iso-8859-15"), "€20"),
        ("iso-8859-1", b"\x93quoted\x94", "“quoted”"),
        ("utf-8", b"\xef\xbb\xbfmarked", "marked"),
        ("us-ascii", "tŷ".encode(), "tŷ"),
        ("us-ascii", "tŷ".encode("utf-16"), "tŷ"),
        ("", b"\x81\x8d", "\x81\x8d"),
        ("idna", b"xn--a", "xn--a"),
        ("hex", b"4142", "4142"),
        ("\x00", b"plain", "plain"),
    ],
)
def test_charsets_are_read_as_people_meant_them(declared: str, content: bytes, text: str) -> None:
    assert read_bytes(content, declared).text == text


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        (b"=?iso-8859-1?Q?Caf=E9_gau?=", "Café gau"),
        (b"=?iso-8859-1?Q?Caf\xe9?= =?iso-8859-1?Q?_gau?=", "Café gau"),
        (b"=?utf-8?B?dMU=?= =?utf-8?B?tw==?=", "tŷ"),
        (b"=?utf-8*cy?Q?t=C5=B7?= bach", "tŷ bach"),
        (b"t\xc5\xb7", "tŷ"),
        (b"Caf\xe9", "Café"),
        (b"=?utf-8?B?not base64!?=", "=?utf-8?B?not base64!?="),
        (b"=?x-foo?Q?words?=", "words"),
        (b"a =?utf-8?Q?unclosed", "a =?utf-8?Q?unclosed"),
        (b"folded\n  over\n\tlines", "folded over lines"),
        (b"\xe2\x80\xaeturned", "turned"),
    ],
)
def test_subjects_are_read_as_people_meant_them(line: bytes, subject: str) -> None:
    assert read_message(b"Subject: " + line + b"\n\nWords.").subject == subject


def test_the_fuller_name_of_a_file_is_taken_wherever_it_stands() -> None:
    plain, full = 'filename="ty.pdf"', "filename*=utf-8''t%C5%B7.pdf"
    for name in (f"{plain}; {full}", f"{full}; {plain}"):
        head = {"Content_Type": "application/pdf", "Content_Disposition": f"attachment; {name}"}
        assert [file.name for file in read_message(letter(**head)).attachments] == ["tŷ.pdf"]


@pytest.mark.parametrize(
    "name", ["pictures-in-words", "file-names", "bounce", "answers-between", "nested-forty"]
)
def test_line_endings_change_nothing_that_is_read(name: str) -> None:
    unix, network = mail(name), mail(name).replace(b"\n", b"\r\n")
    one, other = read_message(unix), read_message(network)
    assert one.text == other.text
    assert one.delivery_reports == other.delivery_reports
    files = [(file.name, file.content.replace(b"\r\n", b"\n")) for file in other.attachments]
    assert files == [(file.name, file.content) for file in one.attachments]


def test_names_of_charsets_never_reach_codecs_that_are_no_charset() -> None:
    assert [
        codec_of(name) for name in ("idna", "punycode", "rot13", "zlib", "unicode_escape", "../x", "a" * 99)
    ] == [""] * 7


# --- who wrote ---------------------------------------------------------------------------------------------

ADDRESSES = [
    ("Nia <nia@Example.ORG>", [("Nia", "nia@example.org")]),
    (
        '"Parry, Nia" <nia@example.org>, huw@example.net (Huw)',
        [("Parry, Nia", "nia@example.org"), ("Huw", "huw@example.net")],
    ),
    ("=?utf-8?Q?Parry,_Si=C3=A2n?= <s@example.org>", [("Parry, Siân", "s@example.org")]),
    ("Team: a@example.org, B <b@example.org>;", [("", "a@example.org"), ("B", "b@example.org")]),
    ("undisclosed-recipients:;", []),
    ("manager@bank.example <thief@example.net>", [("manager@bank.example", "thief@example.net")]),
    ("alice@example.org)bob@example.net", []),
    ("a@example.org <b@example.org> <c@example.org>", []),
    ("<a@example.org, <b@example.org>", []),
    ("a@@example.org", []),
    ("=?utf-8?Q?Nia_<nia@example.org>?=", []),
    ('"Nia <nia@example.org>', [("Nia", "nia@example.org")]),
    ("nia@example.org.", [("", "nia@example.org")]),
    ("nia@example.org, NIA@example.org", [("", "nia@example.org")]),
    ("Nia\x00 <nia@example.org>", [("Nia", "nia@example.org")]),
    ("(" * 9000 + "a@example.org", []),
]


@pytest.mark.parametrize(("line", "people"), ADDRESSES, ids=[line[:30] for line, _ in ADDRESSES])
def test_an_address_is_taken_only_where_it_is_plain(line: str, people: list[tuple[str, str]]) -> None:
    found = read_message(letter(From=line)).senders
    assert [(address.name, address.email) for address in found] == people


def test_a_look_alike_letter_makes_another_address() -> None:
    kelvin, plain = Address("", "\u212aate@example.org"), Address("", "Kate@example.org")
    assert plain.key == "kate@example.org"
    assert kelvin.key != plain.key


def test_a_domain_is_the_same_in_both_its_spellings() -> None:
    assert Address("", "post@dŵr.example").key == Address("", "post@xn--dr-bva.example").key


def test_ten_thousand_recipients_are_cut_and_told() -> None:
    many = read_message(letter(To=", ".join(f"a{n}@example.org" for n in range(10_000))))
    assert len(many.to) == 500
    assert any("more than 500 addresses" in mistake for mistake in many.mistakes)


def test_read_addresses_tells_what_is_none() -> None:
    mistakes = Mistakes()
    assert read_addresses(["nobody"], mistakes, "Cc") == ()
    assert mistakes.told == ("Cc: 'nobody' is no address",)


# --- the same message twice --------------------------------------------------------------------------------


def test_the_same_id_with_another_body_is_another_message() -> None:
    first, second = read("correction-first"), read("correction-second")
    assert first.message_id == second.message_id
    assert first.content_hash != second.content_hash


ON_THE_WAY = (
    b"Received: from a by b; Tue, 7 Apr 2026 10:00:00 +0100\n",
    b"Delivered-To: other@opus.example\n",
    b"Return-Path: <nia@example.org>\n",
    b"X-Spam-Status: No\n",
    b"DKIM-Signature: v=1; a=rsa-sha256\n",
    b"Authentication-Results: mail.opus.example; dkim=pass\n",
)


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in MAILS.glob("*.eml") if path.stem != "not-a-mail")
)
def test_what_servers_add_on_the_way_makes_no_other_message(name: str) -> None:
    raw = mail(name)
    newline = b"\r" if b"\n" not in raw else b"\n"
    came = b"".join(ON_THE_WAY).replace(b"\n", newline) + raw
    assert read_message(came).content_hash == read_message(raw).content_hash


def test_line_endings_and_folded_headers_make_no_other_message() -> None:
    plain = letter("Siân wrote this.\n", Content_Type="text/plain; charset=utf-8")
    folded = plain.replace(b"text/plain; charset", b"text/plain;\n charset")
    hashes = {
        read_message(raw).content_hash
        for raw in (plain, plain.replace(b"\n", b"\r\n"), plain + b"\n\n", folded)
    }
    assert len(hashes) == 1


CHANGES = [
    (b"12 pounds", b"13 pounds"),
    (b"Subject: My", b"Subject: Our"),
    (b"nia@example.org>\nTo", b"nia@example.net>\nTo"),
    (b"09:12:05", b"09:12:06"),
]


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_a_change_of_what_the_sender_wrote_makes_another_message(old: bytes, new: bytes) -> None:
    raw = mail("correction-first")
    assert raw.count(old) == 1
    assert read_message(raw.replace(old, new)).content_hash != read_message(raw).content_hash


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("file-names", b"%PDF-1.4", b"%PDF-1.5"),
        ("pictures-in-words", b"/9j/4AAQ", b"/9j/4AAR"),
        ("pictures-in-words", b"<em>", b"<b>"),
        ("pictures-in-words", b"We cannot help.", b"We can help."),
        ("pictures-in-words", b"multipart/alternative", b"multipart/mixed"),
        ("nested-forty", b"the innermost words", b"the innermost lies"),
        ("broken-base64", b"iVBORw0KGgo!!!", b"iVBORw0KGgo!!?"),
        ("bounce", b"This is the mail system", b"This is no mail system"),
    ],
)
def test_a_change_in_any_part_or_between_them_makes_another_message(
    name: str, old: bytes, new: bytes
) -> None:
    raw = mail(name)
    assert old in raw
    assert read_message(raw.replace(old, new)).content_hash != read_message(raw).content_hash


@given(st.text(max_size=60), st.text(max_size=60))
def test_two_texts_have_two_hashes(one: str, other: str) -> None:
    hashes = {
        read_message(
            letter(
                base64.b64encode(text.encode("utf-8", "replace")).decode(),
                Content_Transfer_Encoding="base64",
                Content_Type="application/x-note",
            )
        ).content_hash
        for text in (one, other)
    }
    assert len(hashes) == len({text.encode("utf-8", "replace") for text in (one, other)})


# --- any bytes ---------------------------------------------------------------------------------------------

SNIPPETS = st.sampled_from(
    [b"\n", b"\r\n", b"\n\n", b"--b", b"--b--", b"Content-Type: multipart/mixed; boundary=b", b": ", b"\0", b"=?utf-8?b?",
     b"?=", b'"', b"<", b">", b"Content-Transfer-Encoding: base64", b"From: ", b"a@b.c", b"message/rfc822", b"\xff", b"(",
     b"Content-Type: text/html\n\n", b"<table><tr><td>", b"On 1 May 2026 10:00 x wrote:", b"begin 644 a\n", b"filename*0*="]
)  # fmt: skip


def storable(text: str) -> bool:
    return "\0" not in text and text.encode("utf-8") is not None


def all_texts(message: Message) -> list[str]:
    people = (*message.senders, *message.reply_to, *message.to, *message.cc)
    return [
        message.message_id, message.subject, message.text, message.new_text, message.html, message.machine,
        *message.mistakes, *message.in_reply_to, *message.references, *message.delivered_to,
        *(text for address in people for text in (address.name, address.email, address.key)),
        *(text for file in message.attachments for text in (file.name, file.media_type)),
        *(text for report in message.delivery_reports for text in (report.recipient, report.diagnostic, report.message_id)),
    ]  # fmt: skip


def hold_promises(raw: bytes) -> None:
    read_once = read_message(raw)
    assert not any("could not be read (" in mistake for mistake in read_once.mistakes), read_once.mistakes
    assert read_message(raw).content_hash == read_once.content_hash
    assert all(storable(text) for text in all_texts(read_once))
    one_liners = (read_once.subject, *(address.name for address in read_once.senders), *read_once.mistakes)
    assert not any(set(line) & set("\r\n\t\x0b\x0c\x85\u2028") for line in one_liners)
    assert bool(read_once.new_text.strip()) == bool(read_once.text.strip())


@settings(max_examples=300)
@given(st.binary(max_size=2_000))
def test_any_bytes_give_a_message(raw: bytes) -> None:
    hold_promises(raw)


@settings(max_examples=300)
@given(st.lists(st.one_of(SNIPPETS, st.binary(max_size=12)), max_size=60))
def test_any_heap_of_mail_like_pieces_gives_a_message(pieces: list[bytes]) -> None:
    hold_promises(b"".join(pieces))


@settings(max_examples=300)
@given(
    st.sampled_from(sorted(MAILS.glob("*.eml"))),
    st.lists(
        st.tuples(st.integers(0, 4_000), st.integers(0, 30), st.one_of(SNIPPETS, st.binary(max_size=8))),
        max_size=6,
    ),
)
def test_any_damage_to_a_real_mail_gives_a_message(path: Path, wounds: list[tuple[int, int, bytes]]) -> None:
    raw = path.read_bytes()
    for place, length, graft in wounds:
        at = place % (len(raw) + 1)
        raw = raw[:at] + graft + raw[at + length :]
    hold_promises(raw)


# --- size --------------------------------------------------------------------------------------------------


def heavy(size: int) -> bytes:
    file = base64.encodebytes(b"\x89PNG" * (size // 4))
    return b"".join(
        (b"From: nia@example.org\nMessage-ID: <big@example.org>\nContent-Type: multipart/mixed; boundary=b\n\n",
         b"--b\n\nSee the photo.\n--b\nContent-Type: image/png; name=p.png\nContent-Transfer-Encoding: base64\n\n",
         file, b"--b--\n")
    )  # fmt: skip


HUGE = {
    "one attachment": heavy(18_000_000),
    "5,000 nested multiparts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5_000)
    ),
    "a million parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 1_000_000,
    "nothing but headers": b"a: b\n" * 4_000_000,
    "one endless header": b"Subject: " + b"x" * 20_000_000,
    "empty lines": b"Subject: x\n\n" + b"\n" * 20_000_000,
    "endless text": b"Subject: x\n\n" + b"twenty million bytes\n" * 1_000_000,
    "carriage returns": b"\r" * 20_000_000 + b"\n",
    "deep HTML": page("<div>" * 200_000),
    "HTML of ampersands": page("&" * 490_000),
    "HTML that repeats its fonts": page(
        "<p>" + "".join(f"<font a{n}=1>" for n in range(1_900)) + "</p>" + "<p>x</p>" * 3_000
    ),
    "a table wider than memory": page(
        "<table><tr><td>" + "x" * 200_000 + "</td></tr>" + "<tr><td>y</td></tr>" * 9_000 + "</table>"
    ),
    "lists within lists": page("<ul><li>x" * 90 + "<br>y" * 90_000),
    "HTML in a thousand parts": b"Content-Type: multipart/mixed; boundary=b\n\n"
    + (b"--b\nContent-Type: text/html\n\n" + b"&" * 20_000 + b"\n") * 999,
    "HTML of attributes in thirty parts": b"Content-Type: multipart/mixed; boundary=b\n\n"
    + (b"--b\nContent-Type: text/html\n\n<p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">x\n")
    * 30,
    "quoting without end": b"Subject: x\n\n" + (b"Den skrev " * 29 + b"\n") * 20_000,
}


@pytest.mark.parametrize("kind", HUGE)
def test_no_mail_however_big_or_twisted_takes_more_than_seconds(kind: str) -> None:
    started = time.process_time()
    huge = read_message(HUGE[kind])
    assert time.process_time() - started < 10  # measured: under two seconds each on one slow core
    assert not any("could not be read (" in mistake for mistake in huge.mistakes)
    assert len(huge.text) <= 1_000_000
    assert len(huge.html) <= 1_000_000


def test_a_big_mail_loses_neither_its_words_nor_its_file() -> None:
    big = read_message(HUGE["one attachment"])
    assert big.text == "See the photo."
    assert [len(file.content) for file in big.attachments] == [18_000_000]
    assert big.mistakes == ()


def test_text_beyond_the_limit_says_where_the_rest_is() -> None:
    told = read_message(HUGE["endless text"]).mistakes
    assert "the text is longer than 1,000,000 characters: the rest is in the raw message only" in told


def test_headers_beyond_the_limit_say_where_the_rest_is() -> None:
    told = read_message(HUGE["one endless header"]).mistakes
    assert "headers longer than 1,000,000 bytes: the rest is in the raw message only" in told
    told = read_message(HUGE["nothing but headers"]).mistakes
    assert "more than 2,000 header fields: the rest is in the raw message only" in told


def test_deep_html_keeps_its_words() -> None:
    assert "at the bottom" in read_message(page("<div>" * 300 + "at the bottom")).text
    assert "at the bottom" in read_message(page("<div>" * 5_000 + "at the bottom")).text


# --- safe to show ------------------------------------------------------------------------------------------


def test_hostile_html_is_harmless_and_keeps_its_words() -> None:
    shown = read("hostile-html").html
    for evil in (
        "script",
        "steal",
        "spy.example",
        "style",
        "onerror",
        "onload",
        "javascript",
        "form",
        "iframe",
        "src=",
    ):
        assert evil not in shown, evil
    assert "<b>dead</b>" in shown
    assert '<a href="https://example.org/photo" rel="noopener noreferrer nofollow">the photo</a>' in shown
    assert "a photo of the box" in read("hostile-html").text


HARMFUL = st.lists(
    st.sampled_from(
        ["<script>", "</script>", "<img src=x onerror=a()>", "<svg onload=a()>", "<math>", "<style>", "</style>", "<!--",
         "-->", "<a href='javascript:a()'>", "<table>", "<mglyph>", "<template>", "<noscript>", "<title>", "</title>", "]]>",
         "<form>", "<input autofocus onfocus=a()>", "<base href=//x>", "<meta http-equiv=refresh>", "<p style='a:url(x)'>",
         "<iframe src=x>", "<xmp>", "<plaintext>", "<![CDATA[", "<b>", "&lt;script&gt;", "<a href='data:text/html,x'>"]
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=300)
@given(HARMFUL)
def test_no_mixture_of_harmful_html_gets_through(pieces: list[str]) -> None:
    shown = sanitise("".join(pieces)).html.lower()
    tags = [piece.partition(">")[0] for piece in shown.split("<")[1:]]
    assert not any(
        tag.startswith(("script", "style", "iframe", "form", "input", "svg", "math", "base", "meta"))
        for tag in tags
    )
    assert not any(
        word in tag
        for tag in tags
        for word in ("onerror", "onload", "onfocus", "javascript:", "data:", "src=")
    )


def test_safe_html_is_never_cut_in_the_middle() -> None:
    long = read_message(page("&" * 490_000))
    assert long.html == ""
    assert any("told as plain text" in mistake for mistake in long.mistakes)


def test_pictures_written_into_the_html_do_not_hide_the_words_behind_them() -> None:
    picture = base64.b64encode(b"x" * 900_000).decode()
    written = read_message(
        page(f'<img src="data:image/png;base64,{picture}" alt="bill"><p>My bill is wrong.</p>')
    )
    assert "My bill is wrong." in written.text
    assert written.html == '<img alt="bill"><p>My bill is wrong.</p>'


def test_a_header_cannot_smuggle_another() -> None:
    smuggled = read("header-injection")
    assert smuggled.subject == "Hello Bcc: everyone@example.org evil"
    assert smuggled.senders == (Address("Nia Bcc: all@example.org", "nia@example.org"),)


def test_file_names_are_safe_and_still_the_senders() -> None:
    names = [file.name for file in read("file-names").attachments]
    assert names[:4] == ["bil ar gyfer tŷ Siân.pdf", "evil.exe", "photognp.exe", "attachment-4.png"]
    assert names[4].endswith("n.txt")
    assert len(names[4].encode()) == 150
    assert names[5] == "_con.txt"


@given(st.text(max_size=400))
def test_no_file_name_leaves_its_folder(claimed: str) -> None:
    name = file_name(claimed, "application/pdf", 1)
    assert name
    assert not set(name) & set("/\\\0\n\r\u202e")
    assert not name.startswith(".")
    assert len(name.encode()) <= 150


def test_files_that_old_programs_wrote_into_the_text_are_files() -> None:
    old = read("uuencoded")
    assert [(file.name, file.content) for file in old.attachments] == [("log.txt", b"line down\n")]
    assert "begin 644" not in old.text
    assert "I begin 1 or 2 lines" in old.text


# --- the new words -----------------------------------------------------------------------------------------

REPLIES = [
    ("welsh-reply", "Nid wyf yn fodlon ar hyn.\n\nSiân"),
    ("answers-between", "29 March to 7 April.\nTwice."),
    ("outlook-reply", "I do not accept the offer."),
]


def test_a_folded_line_in_the_quoted_header_belongs_to_it() -> None:
    text = "I refuse.\nFrom: Opus\nTo: Nia Parry,\n  Huw Rees\nSent: Monday\nSubject: x\n\nold words"
    assert new_words(text) == "I refuse."


@pytest.mark.parametrize(("name", "words"), REPLIES)
def test_the_new_words_of_a_reply_stand_alone(name: str, words: str) -> None:
    assert read(name).new_text == words
    assert read(name).text != words


@pytest.mark.parametrize(
    "text",
    [
        "You broke your promise.\nOn 3 March your agent wrote:\nwe will fix it tomorrow",
        "No service\nFrom: 1 March\nTo: 3 March\nevery evening",
        "My points:\n- slow\n- dear\nThanks, but no thanks. I want my money back.",
        "Kind regards have not mended my line.\nRegards,\nNia",
        "> quoted and nothing else",
        "-- \nonly a signature",
        "---------- Forwarded message ---------\nFrom: a\nTo: b\nSubject: c\n\nwhat they wrote",
        "On 6 April 2026 at 10:04, Opus <c@opus.example> wrote:\nall of it is quoted",
    ],
)
def test_words_are_never_cut_where_they_may_be_the_customers(text: str) -> None:
    assert new_words(text) == text


@given(st.text(alphabet=st.sampled_from("aA>\n -_:@1.OnwrtAeFmSTo"), max_size=200))
def test_every_new_word_stands_in_the_message(text: str) -> None:
    assert all(line in text for line in new_words(text).split("\n"))
