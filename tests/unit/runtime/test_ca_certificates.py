"""CA certificates are found where OpenSSL looks for them; if there are none, certifi's are used."""

import ssl
from pathlib import Path

import pytest

from bot.runtime.http_client import has_certificates


def system(*, file: Path | str = "", folder: Path | str = "") -> ssl.DefaultVerifyPaths:
    return ssl.get_default_verify_paths()._replace(cafile=str(file), capath=str(folder))


def test_a_ca_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "certificates.crt").write_text("-----BEGIN CERTIFICATE-----")
    assert has_certificates(system(file=tmp_path / "certificates.crt"))


def test_an_empty_ca_file_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "certificates.crt").touch()
    assert not has_certificates(system(file=tmp_path / "certificates.crt"))


def test_a_ca_directory_with_a_hashed_name_is_found(tmp_path: Path) -> None:
    (tmp_path / "0179095f.0").touch()
    assert has_certificates(system(folder=tmp_path))


@pytest.mark.parametrize("name", ["ssl-cert-snakeoil.pem", "0179095f.pem", "README"])
def test_a_ca_directory_with_other_names_is_ignored(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    assert not has_certificates(system(folder=tmp_path))


def test_an_empty_ca_file_does_not_hide_a_ca_directory(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "0179095f.0").touch()
    assert has_certificates(system(file=tmp_path / "empty", folder=tmp_path))


def test_missing_paths_have_no_certificates(tmp_path: Path) -> None:
    assert not has_certificates(system())
    assert not has_certificates(system(file=tmp_path / "gone", folder=tmp_path / "gone"))
