"""What every command can be refused for."""

from aggregates.refusal import Refusal


class VersionStale(Refusal):
    """Somebody changed it since the caller read it; `version` is the present one."""

    code = "stale_version"
    status = 412


class CommandReused(Refusal):
    """The command id was used before, for something else."""

    code = "command_reused"


class DayNotOpened(Refusal):
    """The service has not begun its first day."""

    code = "day_not_opened"
    status = 503


class StoreUnavailable(Refusal):
    """The database does not answer, or too many write the same; nothing is lost, try again after `retry_after` seconds."""

    code = "store_unavailable"
    status = 503


class WeakPassword(Refusal):
    """Too easily guessed; `minimum` is the least length, `length` what came."""

    code = "weak_password"
    status = 422


class WrongCredentials(Refusal):
    """Login id and password, or recovery code, do not belong together. It is not said which one is wrong."""

    code = "wrong_credentials"
    status = 401


class TooManyAttempts(Refusal):
    """Too many wrong attempts; the next is heard after `retry_after` seconds."""

    code = "too_many_attempts"
    status = 429
