"""What the specification says is what the service does: Schemathesis tries to prove otherwise."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from serving.app import build_app
from serving.settings import Settings


class Behind:
    """An application that hands requests to the one that is running."""

    running = None

    async def __call__(self, scope, receive, send):
        """Pass a request on; starting and stopping is the fixture's work."""
        if scope["type"] == "http":
            await self.running(scope, receive, send)
            return
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})


BEHIND = Behind()
# Schemathesis expects these but for 413: what is refused for its size is refused, whatever else is wrong.
REFUSALS = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429", "5xx"]
CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
)
SPECIFICATION = schemathesis.openapi.from_dict(build_app(Settings()).openapi(), config=CONFIG)
SPECIFICATION.app = BEHIND
BEYOND_A_SCHEMA = (
    *("problem-other-request", "problem-repeated-lead", "problem-repeated-key", "problem-erased"),
    *("problem-too-large", "problem-wrong-feedback", '"path":"cursor"'),
)
"""Refusals for what no schema can say, so that what keeps to the schema may get one."""


@pytest.fixture
def key(service):
    """A valid key for everything, of the service that answers."""
    BEHIND.running = service.client.app
    yield service.headers
    BEHIND.running = None


@SPECIFICATION.parametrize()
@settings(
    max_examples=12, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
def test_the_service_keeps_its_specification(case, key):
    """Whatever is asked, the answer is documented, and no request is accepted that the schema forbids."""
    response = case.call(headers=key)
    beyond = any(sign.encode() in response.content for sign in BEYOND_A_SCHEMA)
    case.validate_response(
        response,
        excluded_checks=[positive_data_acceptance] if beyond else [],
        headers=key,
        transport_kwargs={"headers": key},
    )


def test_the_specification_that_was_tried_is_the_one_that_is_served(service):
    """The document does not depend on how a service is set up."""
    assert service.client.get("/openapi.json").json() == SPECIFICATION.raw_schema
