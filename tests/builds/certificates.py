"""A certificate authority for the tests of TLS, with one certificate of each kind."""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = dt.timedelta(days=1)
SIGNER = ec.generate_private_key(ec.SECP256R1())
ISSUER = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests of builds")])
SERVER = ExtendedKeyUsageOID.SERVER_AUTH
CLIENT = ExtendedKeyUsageOID.CLIENT_AUTH


def write(folder: Path, usage: x509.ObjectIdentifier) -> Path:
    """Write ca.pem, cert.pem and key.pem for *usage* into *folder*."""
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "one end")])
    own = _draft(name, key).add_extension(
        x509.ExtendedKeyUsage([usage]), critical=False
    )
    authority = _draft(ISSUER, SIGNER).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    for draft, file in ((own, "cert.pem"), (authority, "ca.pem")):
        signed = draft.sign(SIGNER, hashes.SHA256())
        content = signed.public_bytes(serialization.Encoding.PEM)
        (folder / file).write_bytes(content)
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder


def _draft(name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(ISSUER)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
    )
