import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from commands.change_password import ChangePassword
from commands.compose import WriteSide
from commands.identity.codes import ALPHABET, digit_code, mistyped, read_code, readable_code
from commands.identity.derivation import Derivation
from commands.identity.passphrase import passphrase
from commands.identity.passwords import Passwords, acceptable
from commands.identity.sessions import SESSION_DAYS, Sessions
from commands.identity.throttle import Throttle
from commands.recover_account import RecoverAccount
from commands.refusals import TooManyAttempts, WeakPassword, WrongCredentials
from eventstore.identity import IdentityStore
from eventstore.ward import Ward
from tests.commands.family import Family

SECRET = 123456789**9


@pytest.fixture
def told(write: WriteSide) -> dict[str, str]:
    """What a new guardian was told."""
    return Family(write).register().answer


def guess(write: WriteSide, login_id: str, times: int, **told: str) -> None:
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            write.sessions.sign_in(login_id, "not the password", **told)


def test_a_session_lasts_until_it_is_ended(write: WriteSide, told: dict[str, str]) -> None:
    session = write.sessions.sign_in(told["login_id"], told["passphrase"])
    assert write.sessions.session_account(session.token) == session.account_id
    write.sessions.sign_out(session.token)
    assert write.sessions.session_account(session.token) is None


def test_a_session_token_is_not_stored(write: WriteSide, told: dict[str, str], ward: Ward) -> None:
    session = write.sessions.sign_in(told["login_id"], told["passphrase"])
    rows = ward.recorder.select("SELECT token_hash FROM identity.session")
    assert session.token.encode() not in {row[0] for row in rows}


def test_a_session_ends_by_itself_and_is_swept(ward: Ward, told: dict[str, str]) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    clock = [now]
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    throttle = Throttle(burst=10, seconds=1)

    def sessions() -> Sessions:
        store = IdentityStore(ward.recorder.store)
        return Sessions(store, Derivation(bytes(32)), cheap, by_login_id=throttle, by_source=throttle, now=lambda: clock[0])

    token = sessions().sign_in(told["login_id"], told["passphrase"]).token
    clock[0] = now + timedelta(days=SESSION_DAYS) - timedelta(seconds=1)
    assert sessions().session_account(token) is not None
    clock[0] = now + timedelta(days=SESSION_DAYS)
    assert sessions().session_account(token) is None
    assert sessions().sweep() == 1


def test_login_id_and_password_are_read_as_people_type_them(write: WriteSide, told: dict[str, str]) -> None:
    typed = told["login_id"].upper().replace("-", "　")
    full_width = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in told["passphrase"])
    assert write.sessions.sign_in(typed, f" {full_width} ")


def test_an_unknown_login_id_reads_like_a_wrong_password(write: WriteSide, told: dict[str, str]) -> None:
    unknown = readable_code(SECRET)
    assert not mistyped(unknown)
    for login_id in (told["login_id"], unknown):
        guess(write, login_id, 10)
        with pytest.raises(TooManyAttempts) as refused:
            write.sessions.sign_in(login_id, "not the password")
        assert refused.value.fields == {"retry_after": 60}


def test_an_unknown_login_id_costs_a_hash_too(write: WriteSide, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []
    monkeypatch.setattr(Passwords, "verify", lambda _, stored, secret: asked.append(stored))
    guess(write, readable_code(SECRET), 1)
    assert asked == [None]


def test_a_device_that_was_signed_in_before_is_not_locked_out(write: WriteSide, told: dict[str, str]) -> None:
    device = write.sessions.sign_in(told["login_id"], told["passphrase"]).device
    guess(write, told["login_id"], 10)
    with pytest.raises(TooManyAttempts):
        write.sessions.sign_in(told["login_id"], told["passphrase"])
    assert write.sessions.sign_in(told["login_id"], told["passphrase"], device=device)
    with pytest.raises(TooManyAttempts):
        write.sessions.sign_in(told["login_id"], told["passphrase"], device="made up")


def test_one_source_cannot_try_many_login_ids(write: WriteSide) -> None:
    for number in range(100):
        guess(write, readable_code(SECRET + number), 1, source="192.0.2.1")
    with pytest.raises(TooManyAttempts):
        write.sessions.sign_in(readable_code(SECRET - 1), "not the password", source="192.0.2.1")
    guess(write, readable_code(SECRET - 1), 1, source="192.0.2.2")


def test_a_changed_password_ends_every_session(write: WriteSide) -> None:
    family = Family(write)
    told = family.register().answer
    new = "まいにちはみがきをする"
    token = write.sessions.sign_in(told["login_id"], told["passphrase"]).token
    with pytest.raises(WrongCredentials):
        family.do(ChangePassword(current_password="wrong", new_password=new * 2))
    with pytest.raises(WeakPassword):
        family.do(ChangePassword(current_password=told["passphrase"], new_password=new))
    family.do(ChangePassword(current_password=told["passphrase"], new_password=new * 2))
    assert write.sessions.session_account(token) is None
    guess(write, told["login_id"], 1)
    assert write.sessions.sign_in(told["login_id"], new * 2)


def test_a_recovery_code_is_good_once_and_followed_by_another(write: WriteSide) -> None:
    family = Family(write)
    told = family.register().answer

    def recover(code: str, login_id: str = told["login_id"]) -> dict[str, str]:
        command = RecoverAccount(login_id=login_id, recovery_code=code, new_password="a new and long one")
        return family.anonymously(command).answer

    for login_id in (told["login_id"], readable_code(SECRET), "what"):
        with pytest.raises(WrongCredentials):
            recover("0000-0000-0000-0000", login_id)
    following = recover(told["recovery_code"].replace("-", ""))["recovery_code"]
    assert write.sessions.sign_in(told["login_id"], "a new and long one")
    with pytest.raises(WrongCredentials):
        recover(told["recovery_code"])
    recover(following)


def test_a_lost_answer_to_a_recovery_is_told_again(write: WriteSide) -> None:
    family = Family(write)
    told, command_id = family.register().answer, uuid4()
    command = RecoverAccount(login_id=told["login_id"], recovery_code=told["recovery_code"], new_password="a new and long one")
    first = family.anonymously(command, command_id)
    again = family.anonymously(command, command_id)
    assert (again.answer, again.replayed) == (first.answer, True)


def test_recovery_codes_cannot_be_guessed_at_leisure(write: WriteSide, told: dict[str, str]) -> None:
    command = RecoverAccount(login_id=told["login_id"], recovery_code="0", new_password="a new and long one")
    for _ in range(10):
        with pytest.raises(WrongCredentials):
            Family(write).anonymously(command)
    with pytest.raises(TooManyAttempts):
        Family(write).anonymously(command)


def test_every_wrong_letter_and_every_swapped_pair_is_noticed() -> None:
    code = readable_code(SECRET).replace("-", "")
    assert not mistyped(code)
    for place, letter in enumerate(code):
        for other in set(ALPHABET) - {letter}:
            assert mistyped(code[:place] + other + code[place + 1 :])
    for place in range(len(code) - 1):
        a, b = code[place], code[place + 1]
        assert mistyped(code[:place] + b + a + code[place + 2 :]) == (a != b)


def test_codes_are_grouped_and_differ() -> None:
    assert re.fullmatch(r"[2-9a-z]{4}-[2-9a-z]{4}-[2-9a-z]{2}", readable_code(SECRET))
    assert re.fullmatch(r"(\d{4}-){3}\d{4}", digit_code(SECRET))
    assert len({readable_code(SECRET + n) for n in range(1000)}) == 1000
    assert read_code(" ａＢ２３　4567−89 ") == "ab23-4567-89"


def test_a_recovery_code_ends_in_a_luhn_digit() -> None:
    digits = [int(d) for d in reversed(digit_code(SECRET).replace("-", ""))]
    assert sum(d if place % 2 == 0 else sum(divmod(2 * d, 10)) for place, d in enumerate(digits)) % 10 == 0


def test_a_passphrase_is_words_and_digits_and_long_enough() -> None:
    phrases = {passphrase(SECRET * n) for n in range(1, 200)}
    assert len(phrases) == 199
    for phrase in phrases:
        assert re.fullmatch(r"([a-z]+-){4}\d{4}", phrase)
        assert acceptable(phrase) == phrase


@pytest.mark.parametrize("password", ["", "elevenchars", "abababababababab", "x" * 201, "k7mq-3xhp-wd"])
def test_passwords_that_are_too_easily_guessed(password: str) -> None:
    with pytest.raises(WeakPassword):
        acceptable(password, "K7MQ-3XHP-WD")


def test_derived_secrets_depend_on_everything() -> None:
    account = uuid4()
    made = {
        Derivation(secret).number(purpose, *parts)
        for secret in (bytes(32), bytes(31) + b"1")
        for purpose in ("login id", "passphrase")
        for parts in ((account, 0), (account, 1), (uuid4(), 0))
    }
    assert len(made) == 12
    with pytest.raises(ValueError, match="32 bytes"):
        Derivation(b"short")


@pytest.fixture
def clocked() -> tuple[Throttle, Callable[[float], None]]:
    now = [0.0]

    def wait(seconds: float) -> None:
        now[0] += seconds

    return Throttle(burst=3, seconds=60, clock=lambda: now[0]), wait


def test_a_throttle_lets_a_burst_through_and_then_one_a_minute(clocked: tuple[Throttle, Callable[[float], None]]) -> None:
    throttle, wait = clocked
    for _ in range(3):
        throttle.require("key")
        throttle.count("key")
    with pytest.raises(TooManyAttempts) as refused:
        throttle.require("key")
    assert refused.value.fields == {"retry_after": 60}
    throttle.require("another key")
    wait(60)
    throttle.require("key")
    throttle.count("key")
    with pytest.raises(TooManyAttempts):
        throttle.require("key")


def test_right_attempts_are_not_counted(clocked: tuple[Throttle, Callable[[float], None]]) -> None:
    throttle, _ = clocked
    for _ in range(100):
        throttle.require("key")


def test_no_more_hashes_at_once_than_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr("commands.identity.passwords.WAIT_SECONDS_MAX", 0.05)
    passwords = Passwords(PasswordHasher(time_cost=30, memory_cost=8 * 1024, parallelism=1))

    def attempt(_: int) -> bool:
        try:
            passwords.verify(None, "secret")
        except TooManyAttempts:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert False in set(pool.map(attempt, range(8)))
