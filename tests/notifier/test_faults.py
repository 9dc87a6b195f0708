"""A campaign over a real SMTP server while everything fails that can.

Whatever happens: every message ends accepted, suppressed, failed with a reason, or counted as unknown; none arrives twice but
counted unknowns, once more each; none after its family has stopped everything or recorded the dose.
"""

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from uuid import UUID

import pytest
import redis
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Received

from aggregates.account.facts import EverythingStopped
from notifier.transport import Envelope, SmtpTransport
from notifier.wakeups import Wakeups
from tests.notifier.conftest import Post, eventually
from tests.notifier.test_transport import serving

FAMILIES = 16
WORKERS = 4
ROUNDS_MOST = 60
PATIENCE_SECONDS = 0.3
TROUBLE = 0.35
"""How often something goes wrong where it can."""
ENDS = {"accepted", "suppressed", "failed", "unknown"}


class Killed(BaseException):
    """The worker is gone."""


class BadRelay:
    """Answers as chance has it, and counts what it has taken over."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.taken: Counter[UUID] = Counter()

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Received, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        answers = ["450 4.2.0 greylisted", "421 4.3.2 going down", "550 5.1.1 unknown user", "hang up"]
        return await self._say(server, answers, [4, 2, 1, 2])

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Received) -> str:  # noqa: N802 - as above
        answers = ["451 4.3.0 try later", "554 5.7.1 not wanted", "hang up", "sleep", "hang up late", "sleep late"]
        trouble = self.chance.choices(answers, [3, 1, 2, 1, 2, 1])[0] if self.chance.random() < TROUBLE else "250 2.0.0 OK"
        if trouble.endswith(("late", "OK")):
            local, _, _ = str(envelope.mail_from).partition(".")
            self.taken[UUID(local.removeprefix("bounce+"))] += 1
        return await self._do(server, trouble)

    async def _say(self, server: SMTP, troubles: list[str], weights: list[int]) -> str:
        if self.chance.random() >= TROUBLE:
            return "250 2.1.5 OK"
        return await self._do(server, self.chance.choices(troubles, weights)[0])

    async def _do(self, server: SMTP, trouble: str) -> str:
        if trouble.startswith("hang up"):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "250 nobody hears it"
        if trouble.startswith("sleep"):
            await asyncio.sleep(PATIENCE_SECONDS * 1.5)
            return "250 too late"
        return trouble


class Mortal:
    """A transport whose worker may be killed before DATA, after it began, or when all is said and not yet written down."""

    def __init__(self, transport: SmtpTransport, chance: random.Random) -> None:
        self._transport = transport
        self._chance = chance

    def send(self, envelope: Envelope, data_starts: Callable[[], None]) -> None:
        def begins() -> None:
            self._may_die()
            data_starts()
            self._may_die()

        self._transport.send(envelope, begins)
        self._may_die()

    def close(self) -> None:
        self._transport.close()

    def _may_die(self) -> None:
        if self._chance.random() < TROUBLE / 5:
            raise Killed


class Campaign:
    """Planners and workers at once, round after round, with time pushed on in between."""

    def __init__(self, post: Post, transport: SmtpTransport, chance: random.Random) -> None:
        self.post = post
        self.sender = post.sender(Mortal(transport, chance))
        self.chance = chance
        self.families = [post.family() for _ in range(FAMILIES)]
        for account, child in self.families:
            post.lists(account, child)

    def run(self) -> None:
        for _ in range(ROUNDS_MOST):
            self._round()
            self.post.time_passes()
            if not self.post.value(OPEN):
                return

    def _round(self) -> None:
        planners = [threading.Thread(target=self.post.plan) for _ in range(2)]
        workers = [threading.Thread(target=self._work) for _ in range(WORKERS)]
        for thread in planners + workers:
            thread.start()
        for thread in planners + workers:
            thread.join()

    def _work(self) -> None:
        try:
            self.sender.deliver(self.post.unsettled(FAMILIES))
        except Killed:
            return


OPEN = "SELECT count(*) FROM mail.message WHERE settled_at IS NULL"


@contextmanager
def bad_relay(seed: int) -> Iterator[tuple[BadRelay, SmtpTransport, random.Random]]:
    chance = random.Random(seed)
    relay = BadRelay(chance)
    with (
        serving(relay) as port,
        closing(SmtpTransport(f"smtp://127.0.0.1:{port}", timeout_seconds=PATIENCE_SECONDS)) as transport,
    ):
        yield relay, transport, chance


def prove(post: Post, seed: int) -> None:
    with bad_relay(seed) as (relay, transport, chance):
        campaign = Campaign(post, transport, chance)
        campaign._round()
        before = Counter(relay.taken)
        (stopped, _), (_, vaccinated) = campaign.families[0], campaign.families[1]
        post.says(stopped, EverythingStopped())
        post.vaccinated.add(vaccinated)
        campaign.run()
        invariants(post, relay.taken, FAMILIES)
        assert max(relay.taken.values()) > 1 or len(post.states()) > 1, "nothing went wrong"
        for message_id, account, child in _messages(post):
            if account == stopped or child == vaccinated:
                assert relay.taken[message_id] == before[message_id]


def _messages(post: Post) -> list[tuple[UUID, UUID, UUID]]:
    with post.pool.connection() as connection:
        return connection.execute("SELECT message_id, account_id, child_id FROM mail.occasion").fetchall()


def invariants(post: Post, taken: Counter[UUID], messages: int) -> None:
    """Every message has its end, and none was taken over more often than the ledger can say."""
    assert post.value(OPEN) == 0
    with post.pool.connection() as connection:
        rows = connection.execute("SELECT message_id, state, status, unknowns FROM mail.message").fetchall()
    assert len(rows) == messages
    for message_id, state, status, unknowns in rows:
        assert state in ENDS
        assert taken[message_id] <= unknowns + (state == "accepted"), (state, unknowns)
        assert unknowns <= 2
        assert state != "accepted" or taken[message_id]
        assert state not in ("failed", "suppressed") or status


@pytest.mark.parametrize("seed", range(3))
def test_whatever_fails_nothing_is_lost_and_nothing_doubled_unseen(post: Post, seed: int) -> None:
    prove(post, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_two_hundred_more_campaigns(post: Post, seed: int) -> None:
    prove(post, seed)


def test_redis_may_lose_everything_in_the_middle(post: Post, redis_url: str) -> None:
    for _ in range(FAMILIES):
        post.lists(*post.family())
    post.plan()
    held = threading.Event()

    def deliver(messages: list[UUID]) -> None:
        post.sender().deliver(messages)
        held.wait(5)

    with redis.Redis.from_url(redis_url) as client:
        wakeups = Wakeups(redis_url, lambda messages: deliver(list(messages)))
        wakeups.wake(post.ledger.wake_due(100)[: FAMILIES // 2])
        client.flushall()
        wakeups.start()
        assert post.ledger.wake_due(100) == []
        post.execute("UPDATE mail.message SET woken_at = woken_at - interval '61 seconds'")
        held.set()
        wakeups.wake(post.ledger.wake_due(100))
        assert eventually(lambda: post.states() == {"accepted": FAMILIES})
        wakeups.stop()
    assert len(post.outbox.sent) == FAMILIES
