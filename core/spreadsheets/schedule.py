"""Regular work on exports and imports."""

from datetime import timedelta

from core.spreadsheets.work import delete_expired_jobs, do_waiting_jobs
from core.worker.schedule import every

every(seconds=1, limit=timedelta(hours=6))(do_waiting_jobs)
every(hours=1)(delete_expired_jobs)
