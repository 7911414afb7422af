"""The world's own certificate authority, and the certificates it gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.world.places import made_once

LIFE = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority: its certificate and key, as PEM files."""

    certificate: Path
    key: Path

    def issue(self, names: tuple[str, ...], place: Path) -> tuple[Path, Path]:
        """Write a certificate for *names* (hosts and addresses) and its key."""
        issuer = x509.load_pem_x509_certificate(self.certificate.read_bytes())
        signer = load_pem_private_key(self.key.read_bytes(), None)
        if not isinstance(signer, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{self.key} is no elliptic curve key")
        key = ec.generate_private_key(ec.SECP256R1())
        draft = _draft(_name(names[0]), issuer.subject, key.public_key())
        draft = draft.add_extension(
            x509.SubjectAlternativeName([_general(name) for name in names]),
            critical=False,
        ).add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
        )
        return _write(place, draft.sign(signer, hashes.SHA256()), key)


def authority() -> Authority:
    """Return the authority that all parts of the world trust; made once."""
    place = made_once("authority", "0" * 12, _make_authority)
    return Authority(place / "certificate.pem", place / "key.pem")


def _make_authority(place: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Multiarch test authority")
    draft = _draft(name, name, key.public_key()).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    _write(place, draft.sign(key, hashes.SHA256()), key)


def _draft(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFE)
    )


def _write(
    place: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> tuple[Path, Path]:
    files = place / "certificate.pem", place / "key.pem"
    files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    files[1].touch(mode=0o600)
    files[1].write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return files


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
