"""Settings from the environment, and what of them is refused: a sentence each that says what to set, all at once."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

# What stands in examples and in other people's repositories.
PLACEHOLDER = re.compile(r"change.?me|example|placeholder|insecure|secret.?key|password|123456|请填|占位", re.I)
FEWEST_DIFFERENT = 10
CLAMD_PORT = 3310


class Environment:
    """Reads values by name, also from the file that NAME_FILE names; `finish` refuses with all that was found."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._refused: list[str] = []

    def refuse(self, sentence: str) -> None:
        """Keep a sentence for `finish`."""
        self._refused.append(sentence)

    def finish(self) -> None:
        """Raise ImproperlyConfigured with every sentence kept, a line each."""
        if self._refused:
            raise ImproperlyConfigured("\n".join(self._refused))

    def get(self, name: str, default: str = "") -> str:
        """Return a value that may be missing."""
        if path := self._values.get(f"{name}_FILE"):
            try:
                return Path(path).read_text().strip()
            except (OSError, UnicodeDecodeError):
                self.refuse(f"读不到 {name}_FILE 指的文件 {path}：检查文件和权限。")
                return default
        return self._values.get(name, "").strip() or default

    def need(self, name: str, what: str) -> str:
        """Return a value that must be there; what: how it reads, for the sentence."""
        value = self.get(name)
        if not value:
            self.refuse(f"缺少 {name}（或 {name}_FILE）：{what}。")
        return value

    def secret(self, name: str, what: str, *, shortest: int, optional: bool = False) -> str:
        """Return a secret; refused where it is short, of few different characters, or a placeholder."""
        value = self.get(name) if optional else self.need(name, what)
        few = len(set(value)) < FEWEST_DIFFERENT
        if value and (len(value) < shortest or few or PLACEHOLDER.search(value)):
            self.refuse(f"{name} 太弱，或者是示例值：换成至少 {shortest} 个随机字符。")
        return value

    def field_keys(self, name: str) -> list[str]:
        """Return the keys of encrypted columns, newest first."""
        keys = [key.strip() for key in self.need(name, "字段加密密钥，逗号分隔，新的在前").split(",")]
        for number, key in enumerate(filter(None, keys), start=1):
            try:
                Fernet(key)
                weak = len(set(key)) < FEWEST_DIFFERENT
            except ValueError:
                weak = True
            if weak:
                self.refuse(f"{name} 的第 {number} 个不是有效的密钥：用 make secrets 生成。")
        return keys

    def hosts(self, name: str) -> list[str]:
        """Return host names, none of them a wildcard."""
        hosts = [host.strip() for host in self.need(name, "域名，逗号分隔").split(",")]
        if any("*" in host or host.startswith(".") for host in hosts):
            self.refuse(f"{name} 不能用通配符：写出门户的域名。")
        return hosts

    def address(self, name: str, hosts: list[str]) -> str:
        """Return the portal's own https address without a path, at one of its hosts."""
        value = self.need(name, "门户地址，如 https://portal.example.gov.cn")
        parts = urlsplit(value)
        if value and (parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query):
            self.refuse(f"{name} 须是 https:// 开头、不带路径的地址。")
        elif value and parts.hostname not in hosts:
            self.refuse(f"{name} 的域名不在 PORTAL_HOSTS 里：两处写一致。")
        return value.rstrip("/")

    def server(self, name: str, form: str, *schemes: str) -> str:
        """Return a server's address; its password may stand apart, in the name that ends in _PASSWORD for _URL."""
        value = self.need(name, form)
        parts = urlsplit(value)
        if value and (parts.scheme not in schemes or not parts.hostname):
            self.refuse(f"{name} 写得不对：{form}。")
            return ""
        password = self.get(f"{name.removesuffix('_URL')}_PASSWORD")
        if not value or not password or parts.password:
            return value
        port = f":{parts.port}" if parts.port else ""
        login = f"{parts.username or ''}:{quote(password, safe='')}"
        return parts._replace(netloc=f"{login}@{parts.hostname}{port}").geturl()

    def file(self, name: str) -> Path | None:
        """Return the path of a file that can be read; None where none is named."""
        value = self.get(name)
        if not value:
            return None
        try:
            with Path(value).open("rb"):
                return Path(value)
        except OSError:
            self.refuse(f"读不到 {name} 指的文件 {value}：检查文件和权限。")
            return None

    def scanner(self, name: str) -> tuple[str, int] | None:
        """Return where clamd listens; None where there is none."""
        value = self.get(name)
        if not value:
            return None
        try:
            parts = urlsplit(value)
            host, port = parts.hostname or "", parts.port or CLAMD_PORT
            host.encode("idna")
            well = re.fullmatch(rf"clamd://[\w.-]+(:{port})?", value, re.I)
        except ValueError:  # a port or a name that cannot be
            well = False
        if not well:
            self.refuse(f"{name} 写得不对：clamd://主机:端口。")
            return None
        return host, port

    def number(self, name: str, default: int) -> int:
        """Return a number, 0 or more."""
        value = self.get(name, str(default))
        if not value.isdecimal():
            self.refuse(f"{name} 须是数字。")
            return default
        return int(value)

    def signing(self) -> dict[str, dict[str, str]]:
        """Return one PKCS#12 per issuing organisation: PORTAL_SIGNING_BUREAU, PORTAL_SIGNING_COUNTY_410523, …"""
        prefix, password = "PORTAL_SIGNING_", "_PASSWORD"
        names = [name for name in self._values if name.startswith(prefix) and not name.endswith((password, "_FILE"))]
        return {
            name.removeprefix(prefix).lower().replace("_", "-"): {
                "pkcs12": self._values[name],
                "password": self.get(name + password),
            }
            for name in names
        }

    def storage(self) -> dict[str, object]:
        """Return where files lie: the S3-compatible bucket that PORTAL_S3_BUCKET names, else the folder."""
        bucket = self.get("PORTAL_S3_BUCKET")
        if not bucket:
            return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": bucket,
                "endpoint_url": self.need("PORTAL_S3_ADDRESS", "对象存储的地址，如 https://s3.example.gov.cn"),
                "region_name": self.get("PORTAL_S3_REGION", "us-east-1"),
                "access_key": self.need("PORTAL_S3_ACCESS_KEY", "对象存储的账号"),
                "secret_key": self.secret("PORTAL_S3_SECRET_KEY", "对象存储的密钥", shortest=16),
                "addressing_style": "path",
                "signature_version": "s3v4",
                "default_acl": None,
                # A name taken is never written over: papers and uploads stay as they are.
                "file_overwrite": False,
            },
        }
