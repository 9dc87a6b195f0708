"""compose.yaml and deploy/ read as an operator's machine would read them; no container is started."""

import re
import subprocess
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from app.settings import Settings, variable

CHECKOUT = Path(__file__).parents[2]
DEPLOY = CHECKOUT / "deploy"
OURS = ("migrate", "api", "projector", "notifier")
KNOWN = {variable(field) for field in Settings.model_fields} | {"HAGUKUMI_SECRETS_DIR"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((CHECKOUT / "compose.yaml").read_text())
    return loaded


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deploy")
    copy(DEPLOY / "secrets.sh", folder)
    for _ in range(2):  # a second run changes nothing
        subprocess.run(["sh", folder / "secrets.sh"], check=True, capture_output=True)
    return folder / "secrets"


def test_every_variable_given_to_our_processes_is_a_setting(compose: dict[str, Any]) -> None:
    for name in OURS:
        assert set(compose["services"][name]["environment"]) <= KNOWN, name


def test_every_secret_that_looks_like_a_setting_is_one(compose: dict[str, Any]) -> None:
    urls = {name.upper() for name in compose["secrets"] if name.endswith("_url")}
    assert urls <= KNOWN
    assert len(urls) == 7


def test_every_secret_handed_out_is_declared_and_written(compose: dict[str, Any], secrets: Path) -> None:
    handed_out = {secret for service in compose["services"].values() for secret in service.get("secrets", ())}
    assert handed_out <= set(compose["secrets"])
    assert {Path(secret["file"]) for secret in compose["secrets"].values()} == {
        Path("deploy/secrets") / name for name in compose["secrets"]
    }
    assert {path.name for path in secrets.iterdir()} == set(compose["secrets"]) - {"tls.crt", "tls.key"}


def test_written_urls_bear_the_written_passwords(secrets: Path) -> None:
    password = (secrets / "mailer_password").read_text()
    assert re.fullmatch(r"[0-9a-f]{64}", password)
    assert (secrets / "hagukumi_mailer_database_url").read_text() == f"postgresql://ward_mailer:{password}@log/hagukumi"
    assert password != (secrets / "app_password").read_text()
    assert secrets.stat().st_mode & 0o777 == 0o700


def test_no_part_holds_the_owner_s_login_but_the_migration(compose: dict[str, Any]) -> None:
    holders = [name for name, service in compose["services"].items() if "database_url" in service.get("secrets", ())]
    assert holders == ["migrate"]


def test_only_proxy_and_relay_have_a_way_out(compose: dict[str, Any]) -> None:
    open_networks = {name for name, network in compose["networks"].items() if not network.get("internal")}
    with_way_out = {name for name, service in compose["services"].items() if open_networks & set(service["networks"])}
    assert with_way_out == {"proxy", "relay"}
    assert {name for name, service in compose["services"].items() if "ports" in service} == {"proxy", "relay"}


def test_log_and_keys_share_neither_server_network_nor_volume(compose: dict[str, Any]) -> None:
    log, keys = compose["services"]["log"], compose["services"]["keys"]
    assert not set(log["networks"]) & set(keys["networks"])
    assert not set(log["volumes"]) & set(keys["volumes"])


def test_every_container_is_read_only_and_unprivileged(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert name == "relay" or int(service["user"].split(":")[0]) > 0, name


def test_every_lasting_container_tells_its_health(compose: dict[str, Any]) -> None:
    assert {name for name, service in compose["services"].items() if "healthcheck" not in service} == {"migrate"}


def test_networks_named_to_proxy_and_relay_are_those_of_compose(compose: dict[str, Any]) -> None:
    subnet = {name: network["ipam"]["config"][0]["subnet"] for name, network in compose["networks"].items() if "ipam" in network}
    assert compose["services"]["api"]["environment"]["HAGUKUMI_TRUSTED_PROXIES"] == subnet["edge"]
    assert f"mynetworks = 127.0.0.0/8 {subnet['mail']}\n" in (DEPLOY / "relay" / "main.cf").read_text()


def test_the_proxy_speaks_tls_1_2_or_newer_and_keeps_no_access_log() -> None:
    proxy = (DEPLOY / "proxy" / "nginx.conf").read_text()
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in proxy
    assert "Strict-Transport-Security" in proxy
    assert "access_log off;" in proxy


def test_files_that_compose_names_are_there(compose: dict[str, Any]) -> None:
    mounted = [
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", ())
        if volume.startswith("./")
    ]
    assert len(mounted) == 2
    assert all((CHECKOUT / path).is_file() for path in mounted)
    assert (CHECKOUT / compose["services"]["api"]["build"]["dockerfile"]).is_file()
    assert (CHECKOUT / compose["services"]["relay"]["build"] / "Dockerfile").is_file()


@pytest.mark.parametrize("script", sorted(str(path.relative_to(CHECKOUT)) for path in DEPLOY.rglob("*.sh")))
def test_scripts_are_well_formed_and_executable(script: str) -> None:
    subprocess.run(["sh", "-n", CHECKOUT / script], check=True)
    assert (CHECKOUT / script).stat().st_mode & 0o111
