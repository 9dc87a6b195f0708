"""A campaign through the ward's own relay: Postfix, configured as `deploy/relay` has it, between our notifier and a sink.

Nothing leaves this machine: the relay delivers to loopback alone.
"""

import os
import shutil
import smtplib
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Received

from notifier.returns import Returns
from notifier.transport import SmtpTransport
from tests.notifier.conftest import Post, eventually
from tests.notifier.test_bounces import account_of, bounces
from tests.notifier.test_returns import free_port
from tests.notifier.test_transport import serving

DEPLOYED = Path(__file__).parents[2] / "deploy" / "relay"
MASTER = Path("/usr/share/postfix/master.cf.dist")
ADDRESSES = ("a..b@docomo.ne.jp", ".ab@docomo.ne.jp", "ab.@ezweb.ne.jp", "gone@example.jp", "slow@example.jp")
PATIENCE_SECONDS = 60
PUT_ASIDE_SECONDS = 60  # how long Postfix puts a message aside whose file it found still locked


class Providers:
    """The families' providers: one user is unknown, another is let in only when the relay comes again (greylisting)."""

    def __init__(self) -> None:
        self.arrived: Counter[str] = Counter()
        self.tried: Counter[str] = Counter()

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Received, address: str, options: list[str]
    ) -> str:
        self.tried[address] += 1
        envelope.rcpt_tos.append(address)
        if address.startswith("gone@"):
            return "550 5.1.1 user unknown"
        return "450 4.2.0 greylisted" if address.startswith("slow@") and self.tried[address] == 1 else "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Received) -> str:  # noqa: N802 - as above
        self.arrived[envelope.rcpt_tos[0]] += 1
        return "250 2.0.0 OK"


class Relay:
    """An instance of Postfix with its own configuration, queue and ports."""

    def __init__(self, home: Path, sink: int, returns: int) -> None:
        self.home, self.port, self.outside = home, free_port(), free_port()
        self._config = home / "etc"
        self._prepare(sink, returns)

    def _prepare(self, sink: int, returns: int) -> None:
        for folder in ("etc", "spool", "data"):
            (self.home / folder).mkdir()
        shutil.chown(self.home / "data", "postfix", "postfix")
        for name in ("main.cf", "returns.transport", "returns.access"):
            text = (DEPLOYED / name).read_text().replace("/etc/postfix", str(self._config))
            (self._config / name).write_text(text.replace("inet:notifier:2424", f"inet:127.0.0.1:{returns}"))
        shutil.copy(MASTER, self._config / "master.cf")
        self._set(
            f"queue_directory={self.home}/spool",
            f"data_directory={self.home}/data",
            f"relayhost=[127.0.0.1]:{sink}",
            f"maillog_file={self.home}/log",
            f"maillog_file_prefixes={self.home}",
            "myhostname=ward.example",
            "inet_interfaces=127.0.0.1",
            "inet_protocols=ipv4",
            "smtp_tls_security_level=none",
            "minimal_backoff_time=2s",
            "queue_run_delay=1s",
        )
        self._postconf("-M", f"in/inet=127.0.0.1:{self.port} inet n - n - - smtpd")
        only = "smtpd -o smtpd_relay_restrictions=$returns_only"
        self._postconf("-M", f"out/inet=127.0.0.1:{self.outside} inet n - n - - {only}")
        self._postconf("-MX", "smtp/inet")
        self._postconf("-F", "*/*/chroot=n")

    def start(self) -> None:
        self._run("postfix", "-c", str(self._config), "start")

    def stop(self) -> None:
        self._run("postfix", "-c", str(self._config), "stop")

    def waiting(self) -> bool:
        """Whether anything is in the queue."""
        queued = subprocess.run(["postqueue", "-c", self._config, "-j"], capture_output=True, check=False)
        return queued.returncode != 0 or bool(queued.stdout)

    def _set(self, *settings: str) -> None:
        self._postconf("-e", *settings)

    def _postconf(self, *arguments: str) -> None:
        self._run("postconf", "-c", str(self._config), *arguments)

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr}\n{self.log()}"

    def log(self) -> str:
        file = self.home / "log"
        return file.read_text() if file.exists() else ""


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that Postfix's own users can reach."""
    if not (shutil.which("postfix") and MASTER.exists()):
        pytest.skip("NO POSTFIX: it is not installed, so the ward's relay is NOT tested here")
    if os.geteuid() != 0:
        pytest.skip("NO ROOT: Postfix starts as root only, so the ward's relay is NOT tested here")
    folder = Path(tempfile.mkdtemp(prefix="hagukumi-relay-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_campaign_through_the_wards_own_relay(post: Post, home: Path) -> None:
    accounts = {}
    for address in ADDRESSES:
        account, child = post.family(address)
        accounts[address] = account
        post.lists(account, child)
    providers, reports, gone = Providers(), bounces(post), accounts["gone@example.jp"]
    returns_port = free_port()
    returns = Returns(f"127.0.0.1:{returns_port}", reports)
    returns.start()
    try:
        with serving(providers) as sink:
            relay = Relay(home, sink, returns_port)
            relay.start()
            try:
                _campaign(post, relay)
                assert eventually(lambda: not account_of(post, gone).mailable, PATIENCE_SECONDS), relay.log()
                assert eventually(lambda: not relay.waiting(), PUT_ASIDE_SECONDS + PATIENCE_SECONDS), relay.log()
                _only_reports_come_in(post, relay)
            finally:
                relay.stop()
    finally:
        returns.stop()
    assert providers.arrived == Counter({address: 1 for address in ADDRESSES if address != "gone@example.jp"})
    assert providers.tried["slow@example.jp"] == 2
    assert account_of(post, gone).address_failing == "5.1.1"
    assert all(account_of(post, accounts[address]).mailable for address in ADDRESSES if address != "gone@example.jp")


def _campaign(post: Post, relay: Relay) -> None:
    post.plan()
    with closing(SmtpTransport(f"smtp://127.0.0.1:{relay.port}")) as transport:
        post.sender(transport).deliver(post.ledger.wake_due(100))
    assert post.states() == {"accepted": len(ADDRESSES)}
    post.outcomes.report()


def _only_reports_come_in(post: Post, relay: Relay) -> None:
    """From outside nothing is relayed, and no return path is believed that we have not made."""
    message_id = post.value("SELECT message_id FROM mail.message LIMIT 1")
    ours = f"bounce+{message_id.hex}.{message_id.hex[:16]}@ward.example"
    forged = f"bounce+{message_id.hex}.{'0' * 16}@ward.example"
    with smtplib.SMTP("127.0.0.1", relay.outside) as outside:
        outside.ehlo("mx.example")
        outside.mail("")
        assert outside.rcpt("parent@example.jp")[0] == 554
        assert outside.rcpt(forged)[0] == 550
        assert outside.rcpt(ours)[0] == 250
