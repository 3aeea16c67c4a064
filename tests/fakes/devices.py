"""The Device of RFC 9944 as a tenant would bring it, groups of devices beside it."""

import json
from copy import deepcopy
from typing import Any

DEVICE = "urn:ietf:params:scim:schemas:core:2.0:Device"
MAB = "urn:ietf:params:scim:schemas:extension:ethernet-mab:2.0:Device"
DEVICE_GROUP = "urn:example:params:scim:schemas:core:2.0:DeviceGroup"
STORAGE = "urn:serverless-scim:params:scim:schemas:extension:storage:1.0:ResourceType"


def _attribute(name: str, type_: str = "string", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": type_,
        "multiValued": False,
        "required": False,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        **more,
    }


def _links(name: str, mutability: str, type_: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "complex",
        "multiValued": True,
        "mutability": mutability,
        "subAttributes": [
            {"name": "value", "mutability": "readOnly" if type_ == "Group" else "immutable"},
            {"name": "$ref", "type": "reference", "referenceTypes": [type_]},
            {"name": "display", "mutability": "readOnly"},
            {"name": "type", "mutability": "immutable"},
        ],
    }


DOCUMENT: dict[str, Any] = {
    "schemas": [
        {
            "id": DEVICE,
            "name": "Device",
            "description": "Entry containing attributes about a device",
            "attributes": [
                _attribute("displayName", uniqueness="none"),
                _attribute("active", "boolean", required=True, uniqueness="none"),
                _attribute("mudUrl", "reference", caseExact=True, uniqueness="none"),
                _links("groups", "readOnly", "Group"),
            ],
            "meta": {"resourceType": "Schema", "location": f"/v2/Schemas/{DEVICE}"},
        },
        {
            "id": MAB,
            "name": "ethernetMabExtension",
            "description": "MAC Authenticated Bypass",
            "attributes": [_attribute("deviceMacAddress", required=True, uniqueness="server")],
        },
        {
            "id": DEVICE_GROUP,
            "name": "DeviceGroup",
            "attributes": [
                _attribute("displayName", required=True, uniqueness="server"),
                _links("members", "readWrite", "Device"),
            ],
        },
    ],
    "resourceTypes": [
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": "Device",
            "name": "Device",
            "endpoint": "/Devices",
            "description": "Device of ${company}",
            "schema": DEVICE,
            "schemaExtensions": [{"schema": MAB, "required": False}],
            STORAGE: {"indexes": [{"attribute": "displayName"}]},
        },
        {
            "name": "DeviceGroup",
            "endpoint": "/DeviceGroups",
            "schema": DEVICE_GROUP,
            STORAGE: {
                "relations": [{"attribute": "members", "targets": ["Device"], "backLink": "groups"}]
            },
        },
    ],
    "variables": {"company": "Acme"},
}


def document(**replaced: Any) -> dict[str, Any]:
    """Return the document, with other members in place of its own."""
    return {**deepcopy(DOCUMENT), **replaced}


def changed(*changes: tuple[str, Any]) -> dict[str, Any]:
    """Return the document with values put at paths such as `schemas.0.attributes.1.type`."""
    made = document()
    for path, value in changes:
        *above, last = path.split(".")
        place: Any = made
        for name in above:
            place = place[int(name) if name.isdecimal() else name]
        if last.isdecimal():
            place[int(last)] = value
        else:
            place[last] = value
    return made


def without_attribute(schema: int, attribute: int) -> dict[str, Any]:
    """Return the document without one attribute of one schema."""
    made = document()
    del made["schemas"][schema]["attributes"][attribute]
    return made


def text() -> str:
    """Return the document as a file holds it."""
    return json.dumps(DOCUMENT)
