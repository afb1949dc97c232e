"""How fast pages are with very many cases: a real web server with one worker, one client on loopback."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from amends.bench.figures import Figure, Measured, quantile
from amends.bench.ground import Ground, ground

ASKS = 200
"""Pages of each kind."""
WARMING = 10
RUNS = 3
PATIENCE = 30.0
"""Seconds for the server to answer for the first time."""
WHAT = {
    "queue": "everybody's queue, in the order of what falls due",
    "list": "the list of open cases, the newest first",
    "search": "search by email, postcode, name, account number or surname",
    "case": "a case with its facts, clocks, duties and letters",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client needs: who it is, and the addresses of each kind of page."""

    store: str
    cookie: str
    pages: dict[str, list[str]]
    queries: dict[str, int]
    """The most database queries that one page of each kind asked."""


def measure(cases: int) -> Measured:
    """Seed so many believable cases and ask for pages as one person at the console does, one after the other."""
    with ground() as desk:
        seconds, still_open = desk.call("pages:seed", cases)
        asked: Asked = desk.call("pages:prepare", ASKS)
        with _server(desk) as port:
            figures = [f for name in asked.pages for f in _figures(port, asked, name)]
    return Measured(
        "pages",
        "whole pages of the console over HTTP, from the request to the last byte",
        {
            "cases": cases, "open": still_open, "asks": ASKS, "runs": RUNS, "clients": 1,
            "processes": 1, "server": "gunicorn, 1 worker, 4 threads", "database": asked.store,
        },
        (*figures, Figure("seeded_per_second", "believable cases seeded", cases / seconds, "1/s")),
        ("django-helpdesk lists 100,000 tickets in 950 ms, Request Tracker in 846 ms",),
    )  # fmt: skip


def _figures(port: int, asked: Asked, name: str) -> Iterator[Figure]:
    pages, what = asked.pages[name], WHAT[name]
    _ask(port, asked.cookie, pages[:WARMING])
    runs = [_ask(port, asked.cookie, pages) for _ in range(RUNS)]
    medians = tuple(1000 * quantile(took, 0.5) for took in runs)
    p95 = tuple(1000 * quantile(took, 0.95) for took in runs)
    rates = tuple(len(took) / sum(took) for took in runs)
    yield Figure(f"{name}_p50", f"{what}, median", min(medians), "ms", runs=medians)
    yield Figure(f"{name}_p95", f"{what}, 95 of 100", min(p95), "ms", 50, more_is_better=False, runs=p95)
    yield Figure(f"{name}_per_second", f"{what}, pages", max(rates), "1/s", runs=rates)
    yield Figure(f"{name}_queries", f"{what}, database queries at most", asked.queries[name], "")


def _ask(port: int, cookie: str, pages: Sequence[str]) -> list[float]:
    """Ask for pages one after the other on one connection; how many seconds each took."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    took = []
    for page in pages:
        started = time.perf_counter()
        connection.request("GET", quote(page, safe="/?=+&%"), headers={"Cookie": f"sessionid={cookie}"})
        answer = connection.getresponse()
        answer.read()
        took.append(time.perf_counter() - started)
        assert answer.status == http.client.OK, f"{page}: {answer.status}"
    connection.close()
    return took


@contextmanager
def _server(desk: Ground) -> Iterator[int]:
    """The desk's web server as `amends serve` starts it, with one worker, on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = ["-c", "import sys; from amends.cli import main; sys.exit(main())", "serve"]
    options = ["--port", str(port), "--workers", "1", "--threads", "4"]
    server = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, *command, *options],
        env={**os.environ, **desk.environment}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(server, port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the web server did not start")
