"""The scheduler of periodic jobs, which goes on when the machine's clock is set back."""

from typing import Any

from celery.beat import PersistentScheduler


class SteadyScheduler(PersistentScheduler):
    """What has run, by its own note, in time to come would wait until then; here it counts as run now."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Run what is due; return the seconds until the next look."""
        now = self.app.now()
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at and entry.last_run_at > now]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            self._heap = None  # made of the times they were due by; made anew
        return float(super().tick(*args, **kwargs))
