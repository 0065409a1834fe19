"""Every data set, in the order of the page. A change here is a change of the published schema: see changelog.json."""

from registry.open_data.decided import ASSIGNMENTS, CRITERIA, QUOTA
from registry.open_data.filings import AGENCIES, SCOPE, SITES
from registry.open_data.lists import ANNOUNCEMENTS, CALENDAR, PLACES, URGENT
from registry.open_data.table import Dataset

DATASETS: tuple[Dataset, ...] = (
    AGENCIES,
    SCOPE,
    SITES,
    PLACES,
    QUOTA,
    ASSIGNMENTS,
    URGENT,
    CRITERIA,
    ANNOUNCEMENTS,
    CALENDAR,
)
