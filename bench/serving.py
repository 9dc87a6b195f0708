"""A started service for benchmarks, a client that keeps its connections, and users who think in between."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from pathlib import Path
from random import Random
from statistics import quantiles
from time import perf_counter, sleep
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

AS_BROWSERS = "Accept-Encoding: gzip, deflate, br, zstd\r\nSec-Fetch-Site: none\r\n"
EMPTY = "/api/v1/health/live"
TURN_SECONDS = 3.0
AT_ONCE = 8
USERS = 50
THINK_SECONDS = 1.0
USERS_SECONDS = 20.0
START_SECONDS_MAX = 30.0
LOGIN = re.compile(r"login id\s+(\S+)\s+password\s+(\S+)")


class Server(NamedTuple):
    """A started service: where it listens, the demo family's sign-in, how long the first page took, process and settings."""

    port: int
    login_id: str
    password: str
    first_page_seconds: float
    pid: int
    environment: dict[str, str]

    @property
    def cpu_seconds(self) -> float:
        """Processor time of the serving process so far, its threads included and the database not."""
        times = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")


def operate(environment: dict[str, str], *words: str) -> str:
    """What an operator's command prints; it works on the service of these settings, whether that runs or not."""
    command = [str(Path(sys.executable).with_name("hagukumi")), *words]
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


@contextmanager
def started(fill: Callable[[dict[str, str]], object] = lambda _environment: None) -> Iterator[Server]:
    """The service, begun on an empty folder, or on what was filled into it."""
    with tempfile.TemporaryDirectory(prefix="hagukumi-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the user of the embedded Postgres passes through
        port = _free_port()
        environment = os.environ | {"HAGUKUMI_DATA_DIR": str(folder / "data"), "HAGUKUMI_PORT": str(port)}
        command = [str(Path(sys.executable).with_name("hagukumi")), "serve"]
        fill(environment)
        begun = perf_counter()
        with (folder / "told").open("w+") as told, subprocess.Popen(command, env=environment, stdout=told) as process:
            try:
                first_page_seconds = _first_page(port, begun)
                yield Server(port, *_login(folder / "told"), first_page_seconds, process.pid, environment)
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(START_SECONDS_MAX)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


def _first_page(port: int, begun: float) -> float:
    while perf_counter() - begun < START_SECONDS_MAX:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
                page.read()
            return perf_counter() - begun
        except HTTPError as page:
            if page.code == HTTPStatus.UNAUTHORIZED:  # the sign-in page, with its form
                page.read()
                return perf_counter() - begun
            raise
        except OSError:
            sleep(0.01)
    raise TimeoutError("the service did not start")


def _login(told: Path) -> tuple[str, str]:
    begun = perf_counter()
    while perf_counter() - begun < START_SECONDS_MAX:
        if found := LOGIN.search(told.read_text("utf-8")):
            return found[1], found[2]
        sleep(0.05)
    raise TimeoutError("the service did not tell how to sign in")


def signed_in(server: Server) -> tuple[str, str]:
    """A session token, and the path of the elder child's schedule."""
    body = {"login_id": server.login_id, "password": server.password, "delivery": "token"}
    token = str(_ask(server, "/api/v1/session", {}, body)["token"])
    children = _ask(server, "/api/v1/children", {"Authorization": f"Bearer {token}"})
    return token, f"/api/v1/children/{children[0]['child_id']}/schedule"


def _ask(server: Server, path: str, headers: dict[str, str], body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"http://127.0.0.1:{server.port}{path}", data, headers | {"Content-Type": "application/json"})
    with urlopen(request, timeout=10) as answer:  # noqa: S310 - our own service on loopback
        return json.load(answer)


class Line:
    """One kept connection that sends the same request again and again."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
        self._reader = reader
        self._writer = writer
        self._request = request

    async def ask(self) -> int:
        """One request; the length of the answer's body."""
        self._writer.write(self._request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(head.partition(b"\r\n")[0].decode())
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        await self._reader.readexactly(length)
        return length


@asynccontextmanager
async def line(port: int, path: str, token: str) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n{AS_BROWSERS}\r\n"
    try:
        yield Line(reader, writer, head.encode())
    finally:
        writer.close()


async def rate(port: int, path: str, token: str) -> float:
    """Requests a second over one turn."""

    async def ask_until(end: float) -> int:
        done = 0
        async with line(port, path, token) as connection:
            while perf_counter() < end:
                await connection.ask()
                done += 1
        return done

    end = perf_counter() + TURN_SECONDS
    return sum(await asyncio.gather(*(ask_until(end) for _ in range(AT_ONCE)))) / TURN_SECONDS


async def waiting_times(port: int, path: str, token: str) -> list[float]:
    """Seconds that each answer took for users who think in between."""
    waited: list[float] = []

    async def use(seed: int) -> None:
        random = Random(seed)
        end = perf_counter() + USERS_SECONDS
        await asyncio.sleep(random.uniform(0, THINK_SECONDS))
        async with line(port, path, token) as connection:
            while perf_counter() < end:
                wanted = perf_counter()
                await connection.ask()
                waited.append(perf_counter() - wanted)
                await asyncio.sleep(random.uniform(0.5, 1.5) * THINK_SECONDS)

    await asyncio.gather(*(use(seed) for seed in range(USERS)))
    return waited


def summary(name: str, waited: list[float]) -> str:
    """The waiting times of all users in one line."""
    cuts = quantiles(waited, n=100)
    return (
        f"{name}, {USERS} users thinking {THINK_SECONDS:.0f} s  {len(waited)} answers"
        f"  p50 {cuts[49] * 1000:.1f} ms  p99 {cuts[98] * 1000:.1f} ms"
    )
