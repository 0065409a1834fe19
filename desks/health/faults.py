"""What stopped a message or a paper, in words: by the name of the error that was kept with it."""

from typing import Final

# Error's name: (what happened, what to do).
_NO_SERVER = ("连不上邮件服务器", "检查邮件服务器和网络。")
_NO_STORE = ("文件存不进去", "检查文件存储的空间和权限。")
_NO_SEAL = ("签章没有成功", "检查签名证书是否配置、是否过期。")
_NO_LAYOUT = ("文书排版没有成功", "把文号和技术信息交给运维人员。")

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "SMTPRecipientsRefused": ("对方邮箱不存在或拒收", "请本人在“我的账号”里更正邮箱，再重新发送。"),
    "SMTPAuthenticationError": ("邮件服务器不认发件账号", "检查发件账号的口令。"),
    "SMTPSenderRefused": ("邮件服务器不认发件地址", "检查发件地址。"),
    "SMTPServerDisconnected": _NO_SERVER,
    "SMTPConnectError": _NO_SERVER,
    "ConnectionRefusedError": _NO_SERVER,
    "TimeoutError": _NO_SERVER,
    "gaierror": _NO_SERVER,
    "OSError": _NO_SERVER,
    "ValueError": ("收件地址写得不对", "请本人在“我的账号”里更正，再重新发送。"),
    "NoAddress": ("没有收件地址", "请本人在“我的账号”里填写，再重新发送。"),
}
# A subscriber is no user: nobody here can mend an address, and the letter is of no legal effect.
_NOT_OURS = "不用处理：公告在门户上，本人可以用别的邮箱重新订阅。"
LETTERS: Final = MESSAGES | {
    "SMTPRecipientsRefused": ("对方邮箱不存在或拒收", _NOT_OURS),
    "ValueError": ("收件地址写得不对", _NOT_OURS),
}
PAPERS: Final[dict[str, tuple[str, str]]] = {
    "ImproperlyConfigured": _NO_SEAL,
    "SigningError": _NO_SEAL,
    "OSError": _NO_STORE,
    "PermissionError": _NO_STORE,
    "FileNotFoundError": _NO_STORE,
    "ClientError": _NO_STORE,
    "EndpointConnectionError": _NO_STORE,
    "ConnectTimeoutError": _NO_STORE,
    "ReadTimeoutError": _NO_STORE,
    "TemplateDoesNotExist": _NO_LAYOUT,
    "TemplateSyntaxError": _NO_LAYOUT,
    "KeyError": _NO_LAYOUT,
    "ValueError": _NO_LAYOUT,
}
_OTHER = ("出了别的错", "把技术信息交给运维人员。")


def words(table: dict[str, tuple[str, str]], error: str) -> tuple[str, str]:
    """Return what an error kept as "Name: text" means, and what to do."""
    return table.get(error.partition(":")[0], _OTHER)
