"""Stands between client and database and loses what it is told to lose."""

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread

from psycopg.conninfo import conninfo_to_dict, make_conninfo

CHUNK_BYTES = 65536
Peer = tuple[socket.socket, socket.socket]


def executes(said: bytes) -> bool:
    """A prepared statement is carried out: the message begins with Bind, where Parse would only prepare it."""
    return said.startswith(b"B")


def commits(said: bytes) -> bool:
    """An explicit transaction ends."""
    return b"COMMIT" in said


class CuttingProxy:
    """A TCP door to a database. `cut_next` loses one exchange, `away` refuses everybody until `back`."""

    def __init__(self, conninfo: str) -> None:
        self._given = conninfo_to_dict(conninfo)
        self._lock = Lock()
        self._cut: str | None = None
        self._at: Callable[[bytes], bool] = executes
        self._peers: list[Peer] = []
        self._muted: set[Peer] = set()
        self._leaving = False
        self.cuts = 0
        self._door = self._listen(0)
        self._port: int = self._door.getsockname()[1]

    @property
    def conninfo(self) -> str:
        given = self._given | {"host": "127.0.0.1", "port": self._port, "sslmode": "disable", "gssencmode": "disable"}
        return make_conninfo("", **given)

    def cut_next(self, when: str, at: Callable[[bytes], bool] = executes) -> None:
        """Cuts at the next such thing a client says: `before` it arrives, `after` it was done, or `meanwhile`."""
        with self._lock:
            self._cut, self._at = when, at

    def away(self) -> None:
        _hang_up(self._door)
        with self._lock:
            peers, self._peers = self._peers, []
        for peer in peers:
            _close(peer)

    def go_after_next(self) -> None:
        """Does what a client says next, and is away before it can answer."""
        self._leaving = True
        self.cut_next("after")

    def back(self) -> None:
        self._leaving = False
        self._door = self._listen(self._port)

    def _listen(self, port: int) -> socket.socket:
        door = socket.create_server(("127.0.0.1", port))
        Thread(target=self._accept, args=(door,), daemon=True).start()
        return door

    def _accept(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = door.accept()
                peer = (client, self._upstream())
                with self._lock:
                    self._peers.append(peer)
                for pump in (self._from_client, self._from_server):
                    Thread(target=_until_closed, args=(pump, peer), daemon=True).start()

    def _upstream(self) -> socket.socket:
        host, port = str(self._given["host"]), int(self._given.get("port") or 5432)
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        upstream = socket.socket(socket.AF_UNIX)
        upstream.connect(f"{host}/.s.PGSQL.{port}")
        return upstream

    def _from_client(self, peer: Peer) -> None:
        client, server = peer
        while said := client.recv(CHUNK_BYTES):
            cut = self._take_cut(said)
            if cut == "before":
                return
            if cut == "after":
                self._muted.add(peer)
            server.sendall(said)
            if cut == "meanwhile":
                return

    def _take_cut(self, said: bytes) -> str | None:
        with self._lock:
            if not self._at(said):
                return None
            cut, self._cut = self._cut, None
            self.cuts += cut is not None
        return cut

    def _from_server(self, peer: Peer) -> None:
        client, server = peer
        while answer := server.recv(CHUNK_BYTES):
            if peer in self._muted:
                if self._leaving:
                    self.away()
                return
            client.sendall(answer)


def _until_closed(pump: Callable[[Peer], None], peer: Peer) -> None:
    with suppress(OSError):
        pump(peer)
    _close(peer)


def _close(peer: Peer) -> None:
    for end in peer:
        _hang_up(end)


def _hang_up(end: socket.socket) -> None:
    """Closing alone does not wake a thread that waits in recv() or accept()."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
