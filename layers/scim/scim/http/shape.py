"""Replies as a profile's clients expect them, and every error as one of these."""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from scim.errors import InternalError, ScimError
from scim.http.access import nothing_here
from scim.http.dialect.answers import Asked, rendered, rendered_refusal
from scim.http.message.response import Reply
from scim.profile import Profile

logger = Logger()


class Shape:
    """Makes the gateway's answer of a reply."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def response(self, reply: Reply, asked: Asked) -> Response[str]:
        """Return the answer to a request."""
        return _response(rendered(self._profile, asked, reply))

    def unknown_path(self, _: NotFoundError) -> Response[str]:
        """Answer what no route serves."""
        return self.refused(nothing_here())

    def refused(self, error: ScimError) -> Response[str]:
        """Answer a refusal."""
        return _response(rendered_refusal(self._profile.wire, error))

    def failed(self, error: Exception) -> Response[str]:
        """The one broad catch: the traceback goes to the log, nothing of it to the client."""
        logger.error("unexpected error", exc_info=error)
        return self.refused(InternalError("The request could not be served."))


def _response(shown: Reply) -> Response[str]:
    return Response(
        status_code=shown.status,
        content_type=shown.content_type,
        headers={"Cache-Control": "no-store", **shown.headers},
        body=shown.text,
    )
