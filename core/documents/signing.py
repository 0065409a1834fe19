"""The electronic signature on papers. One class signs; a setting puts another (SM2, an official seal) in its place."""

import datetime
import hashlib
import os
import re
import secrets
from abc import ABC, abstractmethod
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

from core.accounts.models import Organisation, OrganisationKind
from core.clock.clock import real_now

SELF_SIGNED = "self-signed"
FIELD_NAME = "Signature1"
VALIDITY = datetime.timedelta(days=3653)


class Signer(ABC):
    """Signs PDFs in the name of one issuing organisation."""

    def __init__(self, key: str, name: str) -> None:
        """key: which key to sign with (signing_key()); name: how the signer is called."""
        self.key, self.name = key, name

    @abstractmethod
    def sign(self, pdf: bytes, *, reason: str) -> bytes:
        """Return the PDF with a signature over the whole of it that allows no later change."""

    @property
    @abstractmethod
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the certificate it signs with."""


class PadesSigner(Signer):
    """PAdES baseline B with SHA-256, from a PKCS#12 (production) or a self-signed P-256 key (demo, tests)."""

    def __init__(self, key: str, name: str) -> None:
        """Raises ImproperlyConfigured where there is no key of that name, or it cannot be opened."""
        super().__init__(key, name)
        path, password = _key_file(key, name)
        self._signer = signers.SimpleSigner.load_pkcs12_data(path.read_bytes(), [], password or None)
        if self._signer is None or self._signer.signing_cert is None:
            raise ImproperlyConfigured(f"签名密钥 {key} 打不开：请检查文件和口令。")

    @property
    def certificate(self) -> asn1_x509.Certificate:
        """The certificate it signs with."""
        return self._signer.signing_cert

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the certificate it signs with."""
        return fingerprint(self.certificate)

    def sign(self, pdf: bytes, *, reason: str) -> bytes:
        """Return the PDF signed by its author: any later change breaks the signature."""
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD_NAME,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            name=self.name,
            reason=reason,
            location="河南安阳",
        )
        signed = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer=self._signer)
        return bytes(signed.getbuffer())


def fingerprint(certificate: asn1_x509.Certificate) -> str:
    """SHA-256 (hex) of a certificate."""
    return hashlib.sha256(certificate.dump()).hexdigest()


def signing_key(issuer: Organisation) -> str:
    """The name of an issuer's key in settings.SIGNING: "bureau", "centre", "county-410523"."""
    return f"county-{issuer.area_id}" if issuer.kind == OrganisationKind.COUNTY else str(issuer.kind)


def signer_for(issuer: Organisation) -> Signer:
    """Return the issuer's signer, made once per process. Raises ImproperlyConfigured where its key is missing."""
    return _signer(settings.SIGNER_CLASS, _configuration(), signing_key(issuer), issuer.name)


def _configuration() -> str:
    return repr(sorted(settings.SIGNING))


@lru_cache(maxsize=32)
def _signer(path: str, configuration: str, key: str, name: str) -> Signer:
    made: Signer = import_string(path)(key, name)
    return made


def _key_file(key: str, name: str) -> tuple[Path, bytes]:
    """Where an issuer's PKCS#12 is, and its password; a self-signed one is made at first use."""
    if configured := settings.SIGNING.get(key):
        path = Path(configured["pkcs12"])
        if not path.is_file():
            raise ImproperlyConfigured(f"找不到 {name} 的签名密钥文件（settings.SIGNING 的 {key}）。")
        return path, configured.get("password", "").encode()
    if demo := settings.SIGNING.get(SELF_SIGNED):
        return self_signed(Path(demo["folder"]), key, name), b""
    raise ImproperlyConfigured(
        f"没有 {name} 的签名密钥：请设置 PORTAL_SIGNING_{key.upper().replace('-', '_')}（PKCS#12 文件的位置）。"
    )


def self_signed(folder: Path, key: str, name: str) -> Path:
    """Return the self-signed key of that name in the folder, made at first use; safe on several processes."""
    path = folder / f"{re.sub(r'[^a-z0-9-]', '_', key)}.p12"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = folder / f".{secrets.token_hex(8)}"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(_make_key(name))
    try:
        os.link(part, path)  # fails where another process was first; its key is the one
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return path


def _make_key(name: str) -> bytes:
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{name[:50]}（自签名）"),
        ]
    )
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    ) | {"encipher_only": False, "decipher_only": False}
    start = real_now() - datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + VALIDITY)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(private, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(b"portal", private, certificate, None, NoEncryption())
