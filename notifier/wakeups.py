"""dramatiq carries wake-ups: ids of messages, nothing else. Losing all of them loses nothing; the sweep finds the rest.

While Redis is away the process that sweeps works on what is due itself, so mail slows down and does not stand still.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.errors import BrokerConnectionError
from dramatiq.middleware import ShutdownNotifications, TimeLimit
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

WORKER_THREADS = 4
MAINTENANCE_CHANCE = 10_000
"""Of a million commands so many look for messages of dead workers (dramatiq's own default would leave them waiting)."""
REDIS_SECONDS = 10
"""A Redis that says nothing for so long is away."""
QUEUE = "mail"
TOGETHER = 10
"""Messages of one wake-up: they are claimed together and sent one after another, well within a lease."""


class Wakeups:
    """A broker, its one actor and its worker threads in this process."""

    def __init__(self, redis_url: str | None, deliver: Callable[[Sequence[UUID]], None]) -> None:
        # Retries, age limits and pipelines are left out on purpose: the ledger alone decides what is sent again.
        middleware: list[dramatiq.Middleware] = [TimeLimit(), ShutdownNotifications()]
        self._redis = Redis.from_url(redis_url, socket_timeout=REDIS_SECONDS) if redis_url else None
        self._broker = _broker(self._redis, middleware)
        self._deliver = deliver
        self._actor = dramatiq.actor(broker=self._broker, actor_name="deliver", queue_name=QUEUE)(self._perform)
        self._here = ThreadPoolExecutor(WORKER_THREADS, "deliver")
        self._worker = dramatiq.Worker(self._broker, worker_threads=WORKER_THREADS)

    def start(self) -> None:
        """Begin to work on wake-ups."""
        self._worker.start()

    def stop(self) -> None:
        """Finish what is under way."""
        self._worker.stop()
        self._here.shutdown(cancel_futures=True)
        self._broker.close()
        if self._redis is not None:
            self._redis.connection_pool.disconnect()

    def wake(self, messages: Sequence[UUID]) -> None:
        """Ask workers to look at these messages soon; while Redis is away this process looks at them itself."""
        away = False
        for start in range(0, len(messages), TOGETHER):
            together = [str(message_id) for message_id in messages[start : start + TOGETHER]]
            away = away or not self._sent(together)
            if away:
                self._here.submit(self._perform, together)

    def _sent(self, messages: list[str]) -> bool:
        try:
            self._actor.send(messages)
        except (RedisError, BrokerConnectionError):
            return False
        return True

    def _perform(self, messages: list[str]) -> None:
        """A failure ends here: the lease ends too, and the sweep comes back. dramatiq would keep a dead letter in memory."""
        try:
            self._deliver([UUID(message_id) for message_id in messages])
        except Exception as broken:  # noqa: BLE001 - the database may be away
            log.warning("%d messages were not dealt with: %s", len(messages), type(broken).__name__)


def _broker(redis: Redis | None, middleware: list[dramatiq.Middleware]) -> dramatiq.Broker:
    if redis is None:
        return StubBroker(middleware=middleware)
    return RedisBroker(  # type: ignore[no-untyped-call] # dramatiq leaves this class untyped
        client=redis, middleware=middleware, maintenance_chance=MAINTENANCE_CHANCE
    )
