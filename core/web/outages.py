"""Which failures are outages - a server that is gone, a store that is full, a clock that is wrong - and what people are
told of them: what failed is for the log, when to try again is for everybody."""

import errno
from typing import Final

from django.db import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as QueueError
from redis.exceptions import RedisError

WAIT: Final = 30  # seconds
TITLE: Final = "系统正在恢复"
# Where a connection broke while it committed, nobody can tell whether it did: so it is not said that nothing was done.
WORDS: Final = "不是您填写的问题，以前保存的都在。请一分钟后回到刚才的页面，看看是否已经办好，没有就再办一次。"

_SERVERS: Final = (OperationalError, InterfaceError, RedisError, QueueError)
_STORE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})


def is_outage(problem: BaseException | None) -> bool:
    """Whether a failure passes by itself, or once an operator has made room: no fault of the program."""
    if isinstance(problem, OSError) and not isinstance(problem, _SERVERS):
        return problem.errno in _STORE
    return isinstance(problem, _SERVERS)
