"""CA certificates are found where OpenSSL looks for them; if there are none, certifi's are used."""

import ssl
from pathlib import Path

import pytest

from bot.runtime.http_client import has_certificates


def system(*, file: Path | str = "", folder: Path | str = "") -> ssl.DefaultVerifyPaths:
    return ssl.get_default_verify_paths()._replace(cafile=str(file), capath=str(folder))


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("certificates.crt", "-----BEGIN CERTIFICATE-----", True),
        ("certificates.crt", "", False),
        ("missing.crt", None, False),
    ],
)
def test_a_ca_file_is_found_unless_it_is_empty(
    tmp_path: Path, name: str, content: str | None, *, found: bool
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    assert has_certificates(system(file=tmp_path / name, folder=tmp_path / "missing")) is found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("0179095f.0", True),
        ("ssl-cert-snakeoil.pem", False),
        ("0179095f.pem", False),
        ("README", False),
    ],
)
def test_a_ca_directory_needs_a_hashed_name(tmp_path: Path, name: str, *, found: bool) -> None:
    """An empty file does not hide it."""
    (tmp_path / "empty").touch()
    (tmp_path / name).touch()
    assert has_certificates(system(file=tmp_path / "empty", folder=tmp_path)) is found


def test_no_paths_have_no_certificates() -> None:
    assert not has_certificates(system())
