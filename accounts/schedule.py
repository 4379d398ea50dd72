"""Regular work on accounts."""

from accounts.services.password_reset import answer_password_reset_requests
from core.worker.schedule import every

every(seconds=5)(answer_password_reset_requests)
