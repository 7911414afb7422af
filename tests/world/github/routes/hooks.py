"""The record of an App's webhooks, and another attempt at one."""

from __future__ import annotations

from tests.world.github.access import app_of
from tests.world.github.answers import Answer, Json, not_found
from tests.world.github.calls import Call, Route, paged
from tests.world.github.outbox import Delivery


async def listed(call: Call) -> Answer:
    """List the App's deliveries, newest first."""
    app = app_of(call)
    own = [d for d in call.outbox.deliveries if d.app is app and d.delivered_at]
    return paged(call, [_brief(d) for d in reversed(own)])


async def get(call: Call) -> Answer:
    """Return one delivery with request and response."""
    delivery = _own(call)
    request = {"headers": delivery.request_headers, "payload": delivery.payload}
    response = {"headers": delivery.response_headers, "payload": delivery.response}
    whole = {"request": request, "response": response}
    return Answer(body={**_brief(delivery), "url": delivery.app.webhook_url, **whole})


async def attempt(call: Call) -> Answer:
    """Deliver once more, under the same GUID."""
    call.outbox.again(_own(call))
    return Answer(202, {})


async def config(call: Call) -> Answer:
    """Return where the App's webhooks go."""
    return Answer(body=_config(call))


async def configure(call: Call) -> Answer:
    """Change where the App's webhooks go, and their secret."""
    app, body = app_of(call), call.body
    app.webhook_url = body.get("url", app.webhook_url)
    app.secret = body.get("secret", app.secret)
    return Answer(body=_config(call))


def _config(call: Call) -> Json:
    url = app_of(call).webhook_url
    fixed = {"content_type": "json", "insecure_ssl": "0", "secret": "********"}
    return {"url": url, **fixed}


def _own(call: Call) -> Delivery:
    app = app_of(call)
    for delivery in call.outbox.deliveries:
        if str(delivery.id) == call.parameters["delivery_id"] and delivery.app is app:
            return delivery
    raise not_found()


def _brief(delivery: Delivery) -> Json:
    payload = delivery.payload
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": delivery.delivered_at,
        "redelivery": delivery.redelivery,
        "duration": delivery.duration,
        "status": delivery.status,
        "status_code": delivery.status_code,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": payload.get("installation", {}).get("id"),
        "repository_id": payload.get("repository", {}).get("id"),
        "throttled_at": None,
    }


_DELIVERIES = "/app/hook/deliveries"
ROUTES = (
    Route("GET", "/app/hook/config", config),
    Route("PATCH", "/app/hook/config", configure),
    Route("GET", _DELIVERIES, listed),
    Route("GET", f"{_DELIVERIES}/{{delivery_id}}", get),
    Route("POST", f"{_DELIVERIES}/{{delivery_id}}/attempts", attempt),
)
