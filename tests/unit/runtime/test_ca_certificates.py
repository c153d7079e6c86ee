"""Whether the system has certificates that OpenSSL would find; where not, certifi's are taken."""

import ssl
from pathlib import Path

import pytest

from bot.runtime.http_client import has_certificates


def system(*, file: Path | str = "", folder: Path | str = "") -> ssl.DefaultVerifyPaths:
    return ssl.get_default_verify_paths()._replace(cafile=str(file), capath=str(folder))


def test_a_file_with_something_in_it_counts(tmp_path: Path) -> None:
    (tmp_path / "certificates.crt").write_text("-----BEGIN CERTIFICATE-----")
    assert has_certificates(system(file=tmp_path / "certificates.crt"))


def test_an_empty_file_does_not(tmp_path: Path) -> None:
    (tmp_path / "certificates.crt").touch()
    assert not has_certificates(system(file=tmp_path / "certificates.crt"))


def test_a_folder_counts_with_a_name_that_openssl_looks_for(tmp_path: Path) -> None:
    (tmp_path / "0179095f.0").touch()
    assert has_certificates(system(folder=tmp_path))


@pytest.mark.parametrize("name", ["ssl-cert-snakeoil.pem", "0179095f.pem", "README"])
def test_a_folder_with_other_names_does_not(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    assert not has_certificates(system(folder=tmp_path))


def test_an_empty_file_does_not_hide_a_folder_with_certificates(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "0179095f.0").touch()
    assert has_certificates(system(file=tmp_path / "empty", folder=tmp_path))


def test_what_is_not_there_is_no_certificate(tmp_path: Path) -> None:
    assert not has_certificates(system())
    assert not has_certificates(system(file=tmp_path / "gone", folder=tmp_path / "gone"))
