"""Serving static files without listing them all in memory."""

from pathlib import Path

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise that looks for a file when it is first requested.

    WhiteNoise itself reads all files of the folder at the start. CKEditor has thousands of them, of
    which few are ever requested.
    """

    def add_files(self, root: str | Path, prefix: str = "/") -> None:
        self.directories.insert(0, (f"{Path(root).absolute()}/", prefix))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not self.autorefresh and path not in self.files and path.startswith(self.static_prefix):
            file = self.find_file(path)
            if file:
                self.files[path] = file
        return super().__call__(request)
