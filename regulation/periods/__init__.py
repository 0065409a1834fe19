"""Every statutory clock and period of the portal, with its length, its holder, and what starts and ends it.

Where the Measure gives no length the figure is a setting (`setting=True`; the default stands here once, and
regulation/settings.py offers it to the authority). Where another law gives it, `source` names that law.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from regulation.periods.filing import ARCHIVES, EVALUATION, FILING
from regulation.periods.oversight import CASES, OVERSIGHT
from regulation.periods.spec import PeriodSpec

__all__ = ["PERIODS", "PeriodSpec"]

PERIODS: Final[Mapping[str, PeriodSpec]] = MappingProxyType(
    {spec.key: spec for group in (FILING, ARCHIVES, EVALUATION, OVERSIGHT, CASES) for spec in group}
)
