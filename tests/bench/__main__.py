"""The command line: measures, prints the table, and writes it as JSON on request."""

import argparse
import asyncio
import json
import platform
import ssl
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import certifi
import trustme
import uvloop

from tests.bench import figures, lookups
from tests.bench.processes import leave_first_core
from tests.bench.report import Row, table

ROUNDS: Final = 3


def main() -> int:
    """Measure the given figures, or all of them. Returns 0 even if goals are missed."""
    names = ["lookups", "handshakes", "memory", "installed", "startup", "growth", "search"]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="which figures")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"default: {ROUNDS}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    options = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        rows = runner.run(_measure(options.only, options.rounds))
    print(table(rows))
    if options.json is not None:
        _write(options.json, rows)
    return 0


async def _measure(names: Sequence[str], rounds: int) -> list[Row]:
    leave_first_core()
    with tempfile.TemporaryDirectory() as folder:
        tls, environment = _create_certificate(Path(folder))
        measures: Mapping[str, Callable[[], Awaitable[list[Row]]]] = {
            "lookups": lambda: _lookups(rounds, tls, environment),
            "handshakes": lambda: figures.handshakes(tls, environment),
            "memory": figures.memory,
            "installed": figures.installed,
            "startup": lambda: figures.startup(rounds),
            "growth": figures.growth,
            "search": figures.search,
        }
        rows: list[Row] = []
        for name in names:
            print(f"{name} …", file=sys.stderr)
            rows += await measures[name]()
    return rows


async def _lookups(rounds: int, tls: ssl.SSLContext, environment: Mapping[str, str]) -> list[Row]:
    encrypted = await lookups.measure(rounds, tls, environment)
    return encrypted + await lookups.measure(rounds, None, {})


def _create_certificate(folder: Path) -> tuple[ssl.SSLContext, Mapping[str, str]]:
    """Create a certificate for loopback, and the variables that make a process trust it.

    The usual CA certificates are trusted, too: a program that reads them for each request spends
    most of its time on that.
    """
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    file = folder / "authorities.pem"
    file.write_bytes(Path(certifi.where()).read_bytes() + authority.cert_pem.bytes())
    # `requests` reads only the second.
    return tls, {"SSL_CERT_FILE": str(file), "REQUESTS_CA_BUNDLE": str(file)}


def _write(file: Path, rows: list[Row]) -> None:
    about = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    result = {**about, "rows": [row.as_json() for row in rows]}
    file.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
