"""Everything that can be set from outside, read once from the environment and handed down."""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_CHECKOUT = Path(__file__).resolve().parent.parent

PREFIX = "HAGUKUMI_"

DatabaseRole = Literal["app", "projector", "mailer", "auditor"]


class Settings(BaseSettings):
    """The settings of one ward's service; docs/operations.md describes each, which a test compares with this class."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        populate_by_name=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    redis_url: SecretStr | None = Field(default=None, validation_alias="REDIS_URL")
    smtp_url: SecretStr | None = Field(default=None, validation_alias="SMTP_URL")

    app_database_url: SecretStr | None = None
    projector_database_url: SecretStr | None = None
    mailer_database_url: SecretStr | None = None
    auditor_database_url: SecretStr | None = None

    data_dir: Annotated[Path, AfterValidator(Path.absolute)] = _CHECKOUT / "data"
    keys_url: SecretStr | None = None
    kek_file: Path | None = None

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str | None = None
    trusted_proxies: str = "127.0.0.1"

    ward_code: str = Field(default="131016", pattern=r"^\d{6}$")
    mail_sender: str = "hagukumi@localhost"
    dkim_key_file: Path | None = None
    dkim_selector: str = Field(default="hagukumi", pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$")
    returns_listen: str | None = Field(default=None, pattern=r"^.+:\d{1,5}$")
    address_trusted_days: int = Field(default=365, ge=1)
    address_answer_days: int = Field(default=30, ge=1)
    operators_file: Path | None = None
    nurses_phone: str = Field(default="", pattern=r"^[0-9+() -]*$")
    demo: bool = True

    @model_validator(mode="after")
    def _no_plain_http_to_the_outside(self) -> Self:
        """Sign-in without encryption stays on this machine."""
        address = urlsplit(self.base_url)
        if address.scheme != "https" and not is_loopback(address.hostname or ""):
            raise ValueError(f"HAGUKUMI_PUBLIC_URL must begin with https:// unless it is a loopback address, not {self.base_url}")
        return self

    @property
    def base_url(self) -> str:
        """Where families reach the service, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def is_embedded(self) -> bool:
        """Whether the service brings its own Postgres."""
        roles: tuple[DatabaseRole, ...] = get_args(DatabaseRole)
        return not any(self.database_url_of(role) for role in roles)

    @property
    def key_encryption_key(self) -> Path:
        """The file with the key that wraps all data keys: beside the data folder, never in it."""
        return self.kek_file or self.data_dir.with_name(f"{self.data_dir.name}.kek")

    @property
    def keys_file(self) -> Path:
        """The data keys, where no HAGUKUMI_KEYS_URL names a database for them."""
        return self.data_dir / "keys.sqlite"

    @property
    def mail_dir(self) -> Path:
        """Where mail is written as `.eml` files, while no SMTP_URL is set."""
        return self.data_dir / "mail"

    @property
    def mail_landmark(self) -> Path:
        """Where the notifier remembers how long the log was, so that it knows a restored one."""
        return self.data_dir / "mail-landmark"

    def database_url_of(self, role: DatabaseRole) -> str | None:
        """The role's own database URL, or else the common one; None means the embedded server."""
        urls = {
            "app": self.app_database_url,
            "projector": self.projector_database_url,
            "mailer": self.mailer_database_url,
            "auditor": self.auditor_database_url,
        }
        url = urls[role] or self.database_url
        return url.get_secret_value() if url else None


class InvalidSettings(ValueError):
    """What is wrong with the environment, one line a variable, without the values."""


def load_settings() -> Settings:
    """Read the environment, and below it the files of HAGUKUMI_SECRETS_DIR (each named like a variable in lower case).

    Raises:
        InvalidSettings: a variable holds what it must not.
    """
    try:
        return Settings(_secrets_dir=os.environ.get("HAGUKUMI_SECRETS_DIR"))
    except ValidationError as invalid:
        mistakes = invalid.errors(include_url=False, include_context=False, include_input=False)
        raise InvalidSettings("\n".join(_in_words(mistake["loc"], mistake["msg"]) for mistake in mistakes)) from None


def variable(field: str) -> str:
    """The environment variable that sets a field."""
    return str(Settings.model_fields[field].validation_alias or f"{PREFIX}{field.upper()}")


def _in_words(location: tuple[int | str, ...], message: str) -> str:
    named = [variable(str(name)) if name in Settings.model_fields else str(name) for name in location]
    return ": ".join([*named, message.removeprefix("Value error, ")])


def is_loopback(host: str) -> bool:
    """Whether an address stays on this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
