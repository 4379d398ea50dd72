"""What a browser complains of while a test drives it."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError


class Watch:
    """Collects errors of scripts, blocked content, missing files and requests to other hosts."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.allowed: list[str] = []
        self.seen: list[str] = []

    def allow(self, text: str) -> None:
        """Let complaints pass that hold `text`."""
        self.allowed.append(text)

    @property
    def complaints(self) -> list[str]:
        return [line for line in self.seen if not any(text in line for text in self.allowed)]

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._script)
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A failed request is reported with its address by _response.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.seen.append(f"{message.text} ({message.location['url']})")

    def _script(self, error: WebError) -> None:
        self.seen.append(f"{error.error} ({error.page and error.page.url})")

    def _request(self, request: Request) -> None:
        if request.url.startswith("http") and not request.url.startswith(self.site):
            self.seen.append(f"A request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        # What the page itself answers is for the test to look at.
        if response.status >= 400 and not response.request.is_navigation_request():
            self.seen.append(f"{response.status} for {response.url}")
