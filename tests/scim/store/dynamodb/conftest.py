"""A certificate of one's own."""

import datetime
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@pytest.fixture(name="certified", scope="session")
def _certified(tmp_path_factory: pytest.TempPathFactory) -> Callable[[ssl.SSLContext], None]:
    """Return what makes a context serve with a certificate of localhost, and trust it."""
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    file.write_bytes(_certificate())

    def certify(context: ssl.SSLContext, file: Path = file) -> None:
        if context.protocol is ssl.PROTOCOL_TLS_SERVER:
            context.load_cert_chain(file)
        else:
            context.load_verify_locations(file)

    return certify


def _certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + made.public_bytes(pem)
