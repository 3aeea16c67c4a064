"""Operations of bulk requests as clients send them."""

from typing import Any

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

Sent = dict[str, Any]


def user(name: str, **more: Any) -> Sent:
    """Create a user; its bulkId is its name."""
    data = {"userName": name, **more}
    return {"method": "POST", "path": "/Users", "bulkId": name, "data": data}


def managed(name: str, manager: str) -> Sent:
    """Create a user whose manager another operation creates."""
    return user(name, **{ENTERPRISE: {"manager": {"value": f"bulkId:{manager}"}}})


def group(name: str, *members: str) -> Sent:
    """Create a group of what other operations create."""
    values = [{"value": f"bulkId:{each}"} for each in members]
    data = {"displayName": name, "members": values}
    return {"method": "POST", "path": "/Groups", "bulkId": name, "data": data}


def named(path: str, display_name: str) -> Sent:
    """Change a name."""
    operation = {"op": "replace", "path": "displayName", "value": display_name}
    return {
        "method": "PATCH",
        "path": path,
        "data": {"schemas": [PATCH], "Operations": [operation]},
    }


def gone(path: str) -> Sent:
    """Delete a resource."""
    return {"method": "DELETE", "path": path}
