"""Issues credentials, proves them, and replaces them."""

from uuid import UUID

from msgspec import Struct

from commands.identity.codes import digit_code, mistyped, read_code, readable_code
from commands.identity.derivation import Derivation
from commands.identity.passphrase import passphrase
from commands.identity.passwords import Passwords, acceptable, normalized_password
from commands.identity.throttle import Throttle
from commands.refusals import WrongCredentials
from eventstore.append_call import Beside
from eventstore.identity import Credential, IdentityStore

LOGIN_IDS_TRIED = 8


class Issued(Struct, frozen=True):
    """What a new guardian has to write down. `passphrase` is None where a password was chosen."""

    login_id: str
    recovery_code: str
    passphrase: str | None = None

    def told(self) -> dict[str, str]:
        """As part of an answer."""
        told = {"login_id": self.login_id, "recovery_code": self.recovery_code}
        return told | ({"passphrase": self.passphrase} if self.passphrase else {})


class Credentials:
    """Login ids, passwords and recovery codes. All it issues is derived, so that a repeated command is told the same."""

    def __init__(self, store: IdentityStore, derivation: Derivation, passwords: Passwords, throttle: Throttle) -> None:
        self.store = store
        self.passwords = passwords
        self._derivation = derivation
        self._throttle = throttle

    def issue(self, account_id: UUID, command_id: UUID, *, own_password: bool) -> Issued:
        """The credentials of a new account; the same whenever the command is repeated."""
        generated = None if own_password else passphrase(self._derivation.number("passphrase", account_id, command_id))
        return Issued(self._free_login_id(account_id), self.recovery_code(account_id, command_id), generated)

    def recovery_code(self, account_id: UUID, command_id: UUID) -> str:
        """The recovery code (復旧コード) that a command hands out."""
        return digit_code(self._derivation.number("recovery code", account_id, command_id))

    def hashed(self, account_id: UUID, issued: Issued, own_password: str | None) -> Credential:
        """The row to be stored.

        Raises:
            WeakPassword: the chosen password is too easily guessed.
        """
        password = issued.passphrase or acceptable(own_password or "", issued.login_id)
        return Credential(account_id, issued.login_id, self.passwords.hash(password), self.passwords.hash(issued.recovery_code))

    def prove_password(self, account_id: UUID, password: str) -> Credential:
        """The credential of a signed-in account whose password is asked for again.

        Raises:
            WrongCredentials: it is another one.
            TooManyAttempts: too many wrong ones came before.
        """
        found = self.store.credential_of(account_id)
        stored = found.password_hash if found else None
        return self._proved(str(account_id), found, stored, normalized_password(password))

    def prove_recovery_code(self, login_id: str, recovery_code: str) -> Credential:
        """The credential whose recovery code this is; the same refusals as for a password."""
        login_id = read_code(login_id)
        found = None if mistyped(login_id) else self.store.credential_by_login_id(login_id)
        stored = found.recovery_hash if found else None
        return self._proved(f"recover {login_id}", found, stored, read_code(recovery_code))

    def account_of(self, login_id: str) -> UUID | None:
        """Whose login id this is. Callers must not let anybody see the difference."""
        found = self.store.credential_by_login_id(read_code(login_id))
        return found.account_id if found else None

    def replacement(self, account_id: UUID, password: str, recovery_code: str | None = None) -> Beside:
        """Puts another password in place, and where it was used up another recovery code; every session ends."""
        password_hash = self.passwords.hash(password)
        recovery_hash = None if recovery_code is None else self.passwords.hash(recovery_code)
        return lambda cursor: self.store.replace_credential(cursor, account_id, password_hash, recovery_hash)

    def _proved(self, key: str, found: Credential | None, stored: str | None, secret: str) -> Credential:
        self._throttle.require(key)
        if not self.passwords.verify(stored, secret) or found is None:
            self._throttle.count(key)
            raise WrongCredentials
        return found

    def _free_login_id(self, account_id: UUID) -> str:
        """The first derived login id that is nobody else's."""
        for attempt in range(LOGIN_IDS_TRIED):
            login_id = readable_code(self._derivation.number("login id", account_id, attempt))
            found = self.store.credential_by_login_id(login_id)
            if found is None or found.account_id == account_id:
                return login_id
        raise RuntimeError("no login id is free")
