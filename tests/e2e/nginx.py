"""nginx in front of two processes of the bot, like a platform's router."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from string import Template
from typing import Final

from tests.e2e.bot_process import TIMEOUT_SECONDS, accepts, until
from tests.support import programs

# nginx tries the other process only if a request wasn't sent: no "non_idempotent", because two
# processes could answer one command. Connections are kept open, as by platforms' routers: a process
# that stops has to close them.
_CONFIGURATION: Final = Template("""
daemon off;
worker_processes 1;
pid $folder/pid;
error_log $folder/error.log warn;
events { worker_connections 512; }
http {
    access_log off;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    upstream bot {
        server 127.0.0.1:$first max_fails=1 fail_timeout=1s;
        server 127.0.0.1:$second max_fails=1 fail_timeout=1s;
        keepalive $kept;
    }
    server {
        listen 127.0.0.1:$front;
        location / {
            proxy_pass http://bot;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_connect_timeout 1s;
            proxy_next_upstream error timeout;
        }
    }
}
""")
_KEPT: Final = 4
"""Idle connections to each process."""


@asynccontextmanager
async def nginx(first: int, second: int, *, front: int, folder: Path) -> AsyncIterator[str]:
    """Run nginx on the port `front` for the processes on the ports `first` and `second`.

    Args:
        first: one process's port.
        second: the other's.
        front: nginx's port.
        folder: for nginx's files.
    """
    program = programs.require_program("nginx", called="nginx", package="nginx")
    configuration = folder / "nginx.conf"
    configuration.write_text(
        _CONFIGURATION.substitute(
            folder=folder, first=first, second=second, front=front, kept=_KEPT
        ),
        encoding="ascii",
    )
    process = await asyncio.create_subprocess_exec(
        program, "-p", str(folder), "-c", str(configuration), "-e", str(folder / "error.log")
    )
    try:
        await until(lambda: accepts(front) or process.returncode is not None)
        assert process.returncode is None, (folder / "error.log").read_text(encoding="utf-8")
        yield f"http://127.0.0.1:{front}"
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await process.wait()
