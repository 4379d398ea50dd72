"""What may go wrong with a backup."""


class BackupError(Exception):
    """Says in one sentence why a backup or a restore failed."""


class DamagedError(BackupError):
    """The archive cannot be read to its end, or is not what was written."""
