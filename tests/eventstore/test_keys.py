import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag

from eventstore import keys as keys_module
from eventstore.errors import StoreUnavailable, SubjectErased
from eventstore.kek import KekUnreadable, load_or_generate
from eventstore.key_tables import SqliteKeyTable
from eventstore.keys import KeyStore

KEK = bytes(range(32))
NONCE = bytes(12)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    return tmp_path / "folder" / "keys.sqlite" if request.param == "sqlite" else str(request.getfixturevalue("database"))


@pytest.fixture
def store(place: Path | str) -> Iterator[KeyStore]:
    store = KeyStore.at(place, KEK)
    yield store
    store.close()


@pytest.fixture
def second(place: Path | str) -> Iterator[KeyStore]:
    """The same store in another process."""
    store = KeyStore.at(place, KEK)
    yield store
    store.close()


def opens(store: KeyStore, subject: UUID, sealed: bytes) -> bool:
    key = store.aead(subject)
    return key is not None and key.decrypt(NONCE, sealed, None) == b"secret"


def test_a_key_is_made_once_and_found_everywhere(store: KeyStore, second: KeyStore) -> None:
    subject = uuid4()
    assert store.aead(subject) is None
    sealed = store.create(subject).encrypt(NONCE, b"secret", None)
    assert opens(second, subject, sealed)
    second.create(subject)
    second.create_many([subject])
    assert opens(second, subject, sealed)


def test_a_destroyed_key_stays_destroyed(store: KeyStore, second: KeyStore) -> None:
    subject = uuid4()
    store.create(subject)
    store.erase(subject)
    assert store.aead(subject) is None
    second.create_many([subject])
    for ask in (store.create, second.create, lambda who: store.mac(who, b""), lambda who: store.sealing_key(who, who, 1)):
        with pytest.raises(SubjectErased):
            ask(subject)
    assert store.preload(UUID(int=0), UUID(int=2**128 - 1)) == {}


def test_a_subject_that_never_had_a_key_can_be_erased(store: KeyStore) -> None:
    subject = uuid4()
    store.erase(subject)
    with pytest.raises(SubjectErased):
        store.create(subject)


def test_keys_are_made_with_the_first_fact_of_the_own_stream_only(store: KeyStore) -> None:
    subject = uuid4()
    for stream, version in ((subject, 2), (uuid4(), 1)):
        with pytest.raises(SubjectErased):
            store.sealing_key(subject, stream, version)
    store.sealing_key(subject, subject, 1)
    store.sealing_key(subject, uuid4(), 1)


def test_an_erasure_elsewhere_is_noticed_when_the_cache_expires(
    store: KeyStore, second: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = uuid4()
    second.create(subject)
    store.erase(subject)
    assert second.aead(subject) is not None
    now = monotonic()
    monkeypatch.setattr(keys_module, "monotonic", lambda: now + keys_module.CACHE_SECONDS + 1)
    assert second.aead(subject) is None


def test_the_cache_is_bounded(store: KeyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys_module, "CACHED_KEYS_MAX", 3)
    subjects = [uuid4() for _ in range(5)]
    store.create_many(subjects)
    assert all(store.aead(subject) for subject in subjects)
    assert list(store._cache) == subjects[2:]


def test_preload_answers_the_keys_of_a_range(store: KeyStore) -> None:
    subjects = [UUID(int=number) for number in (1, 5, 9)]
    sealed = {subject: store.create(subject).encrypt(NONCE, b"secret", None) for subject in subjects}
    loaded = store.preload(UUID(int=1), UUID(int=5))
    assert loaded.keys() == {subjects[0].bytes, subjects[1].bytes}
    assert loaded[subjects[1].bytes].decrypt(NONCE, sealed[subjects[1]], None) == b"secret"


def test_a_mac_depends_on_subject_and_body(store: KeyStore, second: KeyStore) -> None:
    ann, ben = uuid4(), uuid4()
    assert store.mac(ann, b"body") == second.mac(ann, b"body")
    assert len({store.mac(ann, b"body"), store.mac(ann, b"other"), store.mac(ben, b"body")}) == 3


def test_a_wrapped_key_opens_for_its_own_subject_and_kek_only(place: Path | str, store: KeyStore) -> None:
    subject = uuid4()
    store.create(subject)
    stranger = KeyStore.at(place, bytes(32))
    with pytest.raises(InvalidTag):
        stranger.aead(subject)
    stranger.close()


def test_threads_share_a_store(store: KeyStore) -> None:
    subjects = [uuid4() for _ in range(20)] * 4
    with ThreadPoolExecutor(4) as threads:
        macs = set(threads.map(lambda subject: (subject, store.mac(subject, b"body")), subjects))
    assert len(macs) == 20


def test_a_destroyed_key_leaves_no_trace_in_the_file(tmp_path: Path) -> None:
    table = SqliteKeyTable(tmp_path / "keys.sqlite")
    subject, wrapped = uuid4(), os.urandom(60)
    table.insert([(subject, wrapped)])
    assert wrapped in (tmp_path / "keys.sqlite").read_bytes()
    table.destroy(subject)
    assert not [path for path in tmp_path.iterdir() if wrapped in path.read_bytes()]
    table.close()


def test_the_file_is_closed_to_others(tmp_path: Path) -> None:
    SqliteKeyTable(tmp_path / "keys.sqlite").close()
    assert (tmp_path / "keys.sqlite").stat().st_mode & 0o077 == 0


def test_a_locked_file_is_told_as_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventstore.key_tables.WAIT_SECONDS", 0.05)
    table = SqliteKeyTable(tmp_path / "keys.sqlite")
    other = sqlite3.connect(tmp_path / "keys.sqlite")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnavailable):
        table.insert([(uuid4(), b"wrapped")])
    other.close()
    table.insert([(uuid4(), b"wrapped")])
    table.close()


def test_the_kek_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    made = load_or_generate(tmp_path / "outside" / "kek")
    assert made.generated
    assert (tmp_path / "outside" / "kek").stat().st_mode & 0o077 == 0
    assert load_or_generate(tmp_path / "outside" / "kek") == (made.key, False)


@pytest.mark.parametrize("content", ["", "00ff", "not hexadecimal"])
def test_a_spoilt_kek_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "kek").write_text(content)
    with pytest.raises(KekUnreadable):
        load_or_generate(tmp_path / "kek")
