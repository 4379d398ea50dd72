"""Encrypting archives with GnuPG or age, in a pipe.

BACKUP_PASSPHRASE encrypts with GnuPG and a passphrase. BACKUP_RECIPIENT encrypts for the owner of a
key: an age key (`age1…`), or the fingerprint or e-mail address of a key in GnuPG's keyring.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from core.backup import programs
from core.backup.errors import BackupError, DamagedError
from core.time_limits import call_at_limit, time_left

GPG, AGE = ".gpg", ".age"
# The number of rounds is named, because GnuPG would ask its agent to measure one.
SYMMETRIC = ["--symmetric", "--cipher-algo=AES256", "--s2k-digest-algo=SHA512"]
SYMMETRIC += ["--s2k-count=65011712"]
PACKAGES = {"gpg": "gnupg", "age": "age"}
TIMEOUT = 60  # seconds for a program to end after its last byte


def suffix() -> str:
    """What the settings add to the name of an archive: `.gpg`, `.age` or nothing."""
    if settings.BACKUP_RECIPIENT.startswith("age1"):
        return AGE
    return GPG if settings.BACKUP_RECIPIENT or settings.BACKUP_PASSPHRASE else ""


def can_decrypt(name: str) -> bool:
    """Whether this machine has the key of an archive with that name."""
    if name.endswith(AGE):
        return bool(settings.BACKUP_IDENTITY)
    if name.endswith(GPG) and not settings.BACKUP_PASSPHRASE:
        command = ["gpg", "--batch", "--list-secret-keys", settings.BACKUP_RECIPIENT]
        return programs.run(command, capture_output=True).returncode == 0
    return True


@contextmanager
def encrypting(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose content is written to `path`, encrypted as the settings say.

    Raises BackupError if the program is missing or fails.
    """
    with ExitStack() as stack:
        file = stack.enter_context(path.open("wb"))
        kind = suffix()
        if not kind:
            yield file
            return
        if kind == AGE:
            command, secret = ["age", "--recipient", settings.BACKUP_RECIPIENT], ""
        elif settings.BACKUP_RECIPIENT:
            recipient = settings.BACKUP_RECIPIENT
            command = [
                *_gpg(stack),
                "--trust-model",
                "always",
                "--encrypt",
                "--recipient",
                recipient,
            ]
            secret = ""
        else:
            secret = settings.BACKUP_PASSPHRASE
            command = [*_gpg(stack, secret), *SYMMETRIC]
        with _running(command, secret, stdout=file, stdin=subprocess.PIPE) as process:
            try:
                yield process.stdin
                process.stdin.close()
            except BrokenPipeError as error:
                raise DamagedError("The program that encrypts has ended.") from error


@contextmanager
def decrypting(file: Any, name: str) -> Iterator[IO[bytes]]:
    """The content of an archive that is open as `file`, decrypted if its name says so.

    Raises BackupError if the key or the program is missing, or if it is another key.
    """
    with ExitStack() as stack:
        if name.endswith(AGE):
            if not settings.BACKUP_IDENTITY:
                raise BackupError("BACKUP_IDENTITY must name the file with the private age key.")
            command, secret = ["age", "--decrypt", "--identity", settings.BACKUP_IDENTITY], ""
        elif name.endswith(GPG):
            secret = settings.BACKUP_PASSPHRASE
            command = [*_gpg(stack, secret), "--decrypt"]
        else:
            yield file
            return
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        with _running(command, secret, stdin=file, stdout=subprocess.PIPE) as process:
            yield process.stdout
            while process.stdout.read(65536):  # so that the program checks the end
                pass


def _gpg(stack: ExitStack, passphrase: str = "") -> list[str]:
    command = ["gpg", "--batch", "--quiet", "--no-tty", "--compress-algo", "none"]
    if passphrase:
        # Without a keyring, so that a service needs no home folder.
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="gpg-"))
        command += ["--homedir", home, "--pinentry-mode", "loopback"]
        command += ["--no-autostart", "--no-symkey-cache"]  # so that no agent is started
    return command


@contextmanager
def _running(command: Sequence[str], secret: str, **streams: Any) -> Iterator[Any]:
    """A program that is given a secret, without showing it in the list of processes.

    Raises BackupError with what the program printed if it is missing or fails.
    """
    if not shutil.which(command[0]):
        raise BackupError(
            f"The program `{command[0]}` is missing: install the package {PACKAGES[command[0]]}."
        )
    with ExitStack() as stack:
        errors = stack.enter_context(tempfile.TemporaryFile())
        options: list[str] = []
        pipes: tuple[int, ...] = ()
        if secret:
            reading, writing = os.pipe()
            os.write(writing, secret.encode())
            os.close(writing)
            stack.callback(os.close, reading)
            options, pipes = ["--passphrase-fd", str(reading)], (reading,)
        process = subprocess.Popen(  # noqa: S603
            [command[0], *options, *command[1:]], stderr=errors, pass_fds=pipes, **streams
        )
        stack.enter_context(call_at_limit(process.kill))
        try:
            yield process
        except DamagedError as error:
            _close(process)
            if process.returncode:
                raise BackupError(_explain(command[0], errors)) from error
            raise
        finally:
            _close(process)
        if process.returncode:
            raise BackupError(_explain(command[0], errors))


def _close(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream and not stream.closed:
            with suppress(BrokenPipeError):
                stream.close()
    try:
        process.wait(TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _explain(program: str, errors: IO[bytes]) -> str:
    if time_left() == 0:
        return programs.was_ended(program)
    errors.seek(0)
    lines = errors.read(4096).decode(errors="replace").strip().splitlines()
    return f"{program} failed: {lines[-1] if lines else 'no reason given'}"
