"""Settings are documented, refuse what is unsafe, and keep secrets to themselves."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import InvalidSettings, Settings, load_settings, variable

CHECKOUT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? *\| \S.* \|$", re.MULTILINE)


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("HAGUKUMI_SECRETS_DIR", raising=False)


def variables() -> dict[str, str]:
    """Every variable the service reads, with its default as an operator would write it."""
    return {variable(name): written(field.default) for name, field in Settings.model_fields.items()}


def written(default: object) -> str:
    match default:
        case None:
            return ""
        case bool():
            return str(default).lower()
        case Path():
            return str(default.relative_to(CHECKOUT))
        case _:
            return str(default)


def test_every_setting_and_no_other_is_documented_with_its_default() -> None:
    assert dict(ROW.findall((CHECKOUT / "docs" / "operations.md").read_text())) == variables()


def test_without_any_url_the_service_brings_its_own_postgres() -> None:
    assert Settings().is_embedded
    assert not Settings(database_url="postgresql://server/log").is_embedded
    assert not Settings(projector_database_url="postgresql://server/log").is_embedded


def test_a_role_uses_its_own_url_before_the_common_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://common")
    monkeypatch.setenv("HAGUKUMI_MAILER_DATABASE_URL", "postgresql://mailer")
    assert Settings().database_url_of("mailer") == "postgresql://mailer"
    assert Settings().database_url_of("app") == "postgresql://common"


def test_secrets_may_come_as_files_and_a_variable_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "redis_url").write_text("redis://file\n")
    (tmp_path / "hagukumi_keys_url").write_text("postgresql://file")
    monkeypatch.setenv("HAGUKUMI_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("HAGUKUMI_KEYS_URL", "postgresql://variable")
    settings = load_settings()
    assert settings.redis_url
    assert settings.redis_url.get_secret_value() == "redis://file"
    assert settings.keys_url
    assert settings.keys_url.get_secret_value() == "postgresql://variable"


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert Settings().is_embedded


def test_plain_http_is_refused_outside_this_machine() -> None:
    with pytest.raises(ValidationError, match="must begin with https://"):
        Settings(host="0.0.0.0")  # noqa: S104 - the danger is the point
    with pytest.raises(ValidationError, match="must begin with https://"):
        Settings(public_url="http://ward.example")
    assert Settings(host="0.0.0.0", public_url="https://ward.example/").base_url == "https://ward.example"  # noqa: S104 - behind a proxy
    assert Settings(host="::1", public_url="http://[::1]:8000").base_url == "http://[::1]:8000"


def test_neither_printing_nor_a_mistake_shows_a_password() -> None:
    assert "geheim" not in repr(Settings(database_url="postgresql://a:geheim@b/c"))
    with pytest.raises(ValidationError) as mistake:
        Settings(database_url="postgresql://a:geheim@b/c", ward_code="geheim")
    assert "geheim" not in str(mistake.value)


def test_a_mistake_is_told_by_the_name_of_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAGUKUMI_PORT", "eighty")
    monkeypatch.setenv("HAGUKUMI_DEMO", "perhaps")
    with pytest.raises(InvalidSettings) as mistake:
        load_settings()
    assert [line.split(":")[0] for line in str(mistake.value).splitlines()] == ["HAGUKUMI_PORT", "HAGUKUMI_DEMO"]
    assert "eighty" not in str(mistake.value)


def test_the_key_encryption_key_lies_outside_the_data_folder(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    assert settings.key_encryption_key == tmp_path / "data.kek"
    assert settings.data_dir not in settings.key_encryption_key.parents
    assert Settings(kek_file=tmp_path / "elsewhere").key_encryption_key == tmp_path / "elsewhere"
