"""Regular work on the log."""

from core.staff_log.services import delete_old_actions
from core.worker.schedule import every

every(days=1)(delete_old_actions)
