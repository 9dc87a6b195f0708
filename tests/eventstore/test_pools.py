from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import Connection
from psycopg_pool import ConnectionPool

from eventstore.pools import last_back_first_out


@pytest.fixture
def pool(database: str) -> Iterator[ConnectionPool[Connection[Any]]]:
    made: ConnectionPool[Connection[Any]] = ConnectionPool(database, min_size=3, open=False)
    last_back_first_out(made)
    with made:
        made.wait()
        yield made


def test_the_connection_that_came_back_last_is_lent_first(pool: ConnectionPool[Connection[Any]]) -> None:
    first, second, third = (pool.getconn() for _ in range(3))
    for connection in (second, first, third):
        pool.putconn(connection)
    assert [pool.getconn() for _ in range(3)] == [third, first, second]
    for connection in (first, second, third):
        pool.putconn(connection)
