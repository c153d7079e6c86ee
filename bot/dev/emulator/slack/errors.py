"""How Slack rejects a request."""

from pydantic import JsonValue


class RejectedError(Exception):
    """A request that Slack rejects: its error code, and messages about the arguments."""

    def __init__(self, code: str, *messages: str) -> None:
        super().__init__(", ".join([code, *messages]))
        self.code = code
        self.messages = messages

    @property
    def response(self) -> dict[str, JsonValue]:
        """The response, in which Slack says what is wrong."""
        response: dict[str, JsonValue] = {"ok": False, "error": self.code}
        if self.messages:
            response["response_metadata"] = {"messages": [*self.messages]}
        return response
