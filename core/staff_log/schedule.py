"""Regular work on the log."""

from datetime import timedelta

from core.staff_log.services import delete_old_actions
from core.worker.schedule import every

every(days=1, limit=timedelta(hours=1))(delete_old_actions)
