"""How fast pages answer: ``bench_pages.py REGISTER.duckdb [--readers 10] [--seconds 30]``.

A server is started on the register and asked by many readers at once, each going from page to page with filters of its own;
the time to the last byte is told for every page at the median and the 95th percentile, and the size of the first screen.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections import defaultdict
from pathlib import Path

WARM = 5.0  # seconds that are not counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("register", type=Path)
    parser.add_argument("--readers", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--pause", type=float, default=0, help="seconds that a reader looks at a page, on average")
    given = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    call = [
        sys.executable,
        "-m",
        "dragoman",
        "serve",
        "--register",
        str(given.register),
        "--port",
        str(port),
        "--read-only",
    ]
    server = subprocess.Popen(call, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        wait(base)
        report(measure(base, given.readers, given.seconds, given.pause))
        print(f"first screen: {first_screen(base) / 1000:.0f} kB as sent, all files")
    finally:
        server.terminate()
        server.wait()


def wait(base: str) -> None:
    """Until the server answers."""
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{base}/robots.txt").read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server does not answer")


def get(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    found: bytes = urllib.request.urlopen(request, timeout=60).read()
    return found


def ask(base: str, path: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = json.loads(urllib.request.urlopen(base + path).read())
    return found


def addresses(base: str) -> dict[str, list[str]]:
    """Addresses of every page, with many filters."""
    records = [
        e["id"]
        for page in (1, 50, 400)
        for e in ask(base, f"/api/engagements?limit=100&page={page}&sort=date")["entries"]
    ]
    people = [p["id"] for p in ask(base, "/api/people?limit=100")["people"]]
    documents = [d["doc_id"] for d in ask(base, "/api/documents?limit=100")["documents"]]
    parties = [s["value"] for s in ask(base, "/api/parties")["parties"]]
    years = list(range(1975, 2020))
    pairs = [f"{a}/{b}" for a in parties[:20] for b in parties[20:40]]
    months = [f"{y}-{m:02d}" for y in years for m in (1, 6)]
    return {
        "start": ["/"],
        "browse": [f"/engagements?party={p}&page={n}" for p in parties for n in (1, 2)],
        "browse by two": [f"/engagements?party={p}&kind={k}" for p in parties for k in ("visit", "call")],
        "browse by dates": [f"/engagements?since={y}&until={y + 9}" for y in years],
        "lists": [f"/people?page={n}" for n in range(1, 40)]
        + [f"/people?party={p}" for p in parties]
        + [f"/documents?page={n}" for n in range(1, 40)]
        + [f"/parties?since={y}" for y in years],
        "search": [f"/engagements?q={w}&party={p}" for w in ("minister", "visit") for p in parties[:40]]
        + [f"/engagements?q=met+{p}" for p in parties],
        "engagement": [f"/engagements/{i}" for i in records],
        "person": [f"/people/{i}" for i in people],
        "party": [f"/parties/{p}" for p in parties],
        "pair": [f"/parties/{p}" for p in pairs],
        "timeline": [f"/timeline?party={p}&since={y}" for p in parties[:40] for y in years],
        "network": [f"/network?since={m}&until={m}" for m in months],
        "map": [f"/map?since={y}&until={y}" for y in years],
        "document": [f"/documents/{i}" for i in documents],
        "review": ["/review", "/review?queue=one-act"],
    }


def measure(base: str, readers: int, seconds: float, pause: float) -> dict[str, list[float]]:
    """Seconds of each answer, by page."""
    table = addresses(base)
    times: dict[str, list[float]] = defaultdict(list)
    begun = time.monotonic()

    def read(seed: int) -> None:
        chance = random.Random(seed)
        while time.monotonic() - begun < WARM + seconds:
            name = chance.choice(list(table))
            url = base + chance.choice(table[name])
            start = time.monotonic()
            get(url)
            if start - begun > WARM:
                times[name].append(time.monotonic() - start)
            if pause:
                time.sleep(chance.expovariate(1 / pause))

    threads = [threading.Thread(target=read, args=(n,)) for n in range(readers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return times


def report(times: dict[str, list[float]]) -> None:
    every = [t for found in times.values() for t in found]
    for name, found in [*times.items(), ("all", every)]:
        ordered = sorted(found)
        print(
            f"{name:14} {len(found):5}  median {ordered[len(ordered) // 2] * 1000:6.0f} ms   95 % {ordered[int(len(ordered) * 0.95)] * 1000:6.0f} ms"
        )


def first_screen(base: str) -> int:
    """Bytes of the first page with all that it loads."""
    page = get(base + "/")
    import gzip

    text = gzip.decompress(page).decode() if page[:2] == b"\x1f\x8b" else page.decode()
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', text))
    return len(page) + sum(len(get(base + f)) for f in files)


if __name__ == "__main__":
    main()
