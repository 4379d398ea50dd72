"""Errors that the browser reports during a test."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError


class BrowserErrors:
    """Collects script errors, blocked content, failed requests and requests to other hosts."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.ignored: list[str] = []
        self.seen: list[str] = []

    def ignore(self, text: str) -> None:
        """Ignore errors that contain `text`."""
        self.ignored.append(text)

    @property
    def unexpected(self) -> list[str]:
        return [line for line in self.seen if not any(text in line for text in self.ignored)]

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._script)
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # _response reports failed requests with their URL.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.seen.append(f"{message.text} ({message.location['url']})")

    def _script(self, error: WebError) -> None:
        self.seen.append(f"{error.error} ({error.page and error.page.url})")

    def _request(self, request: Request) -> None:
        if request.url.startswith("http") and not request.url.startswith(self.site):
            self.seen.append(f"A request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        # The test itself checks the status of the page.
        if response.status >= 400 and not response.request.is_navigation_request():
            self.seen.append(f"{response.status} for {response.url}")
