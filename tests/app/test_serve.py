"""`hagukumi serve` from the terminal: up within seconds, down without a trace."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from urllib.request import urlopen

import pytest

from app.embedded import postmaster

FIRST_PAGE_SECONDS_MAX = 20.0  # the bound that counts is measured by `make bench`, on a machine with nothing else to do
STOP_SECONDS_MAX = 5.0


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="hagukumi-test-"))
    path.chmod(0o711)
    yield path
    rmtree(path)


@contextmanager
def serve(folder: Path, *arguments: str, port: int = 0) -> Iterator[subprocess.Popen[str]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HAGUKUMI_") and not name.endswith("_URL")}
    environment = kept | {"HAGUKUMI_DATA_DIR": str(folder / "data"), "HAGUKUMI_PORT": str(port)}
    command = [str(Path(sys.executable).with_name("hagukumi")), "serve", *arguments]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as service:
        try:
            yield service
        finally:
            service.kill()


def printed_until_up(service: subprocess.Popen[str]) -> str:
    """All that the service prints until it says how to end it."""
    assert service.stdout
    lines: list[str] = []
    for line in service.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            return "".join(lines)
    pytest.fail(f"serve ended early: {''.join(lines)}{service.stderr.read() if service.stderr else ''}")


def address(printed: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", printed)
    assert found
    return found[0]


def status(url: str) -> int:
    with urlopen(url, timeout=5) as answer:  # noqa: S310 - the service just started
        return int(answer.status)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_service_comes_up_from_nothing_and_leaves_no_process(folder: Path, ending: signal.Signals) -> None:
    began = time.monotonic()
    with serve(folder) as service:
        printed = printed_until_up(service)
        assert status(f"{address(printed)}/") == 200
        assert time.monotonic() - began < FIRST_PAGE_SECONDS_MAX
        assert f"{folder / 'data.kek'} (made just now" in printed
        asked = time.monotonic()
        service.send_signal(ending)
        _, errors = service.communicate(timeout=30)
    assert (service.returncode, errors) == (0, "")
    assert time.monotonic() - asked < STOP_SECONDS_MAX
    assert postmaster.running(folder / "data" / "postgres" / "cluster") is None


def test_after_kill_9_the_next_start_serves_again(folder: Path) -> None:
    with serve(folder) as service:
        printed_until_up(service)
        service.kill()
    with serve(folder) as service:
        printed = printed_until_up(service)
        assert "made just now" not in printed
        assert status(f"{address(printed)}/") == 200
        service.terminate()
        service.communicate(timeout=30)
    assert service.returncode == 0


def test_a_taken_port_is_told_in_one_sentence(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with serve(folder, port=port) as service:
            _, errors = service.communicate(timeout=30)
    assert service.returncode == 1
    assert errors == f"PortTaken: Cannot listen on 127.0.0.1:{port} (Address already in use). HAGUKUMI_PORT names another port.\n"
    assert not (folder / "data").exists()
