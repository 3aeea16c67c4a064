"""Changes of definitions that stored resources would not survive."""

from collections.abc import Callable
from typing import Any

import pytest

from scim.profile import Profile
from scim.schema.catalogue import Catalogue
from scim.schema.compatibility import added_late, incompatibilities
from scim.schema.loading import catalogue_of
from scim.schema.tenant_definitions import definitions_of
from tests.fakes.devices import DOCUMENT, MAB, STORAGE, changed, document, without_attribute

PLACE = "schemas.0.attributes"
SECRET = {"mutability": "writeOnly", "returned": "never"}


def _catalogue(document: dict[str, Any]) -> Catalogue:
    return catalogue_of(Profile(), definitions_of(document).additions())


def _stored(type_: int, **storage: Any) -> dict[str, Any]:
    made = document()
    made["resourceTypes"][type_][STORAGE] = storage
    return made


def _indexed(*indexes: dict[str, Any]) -> dict[str, Any]:
    return _stored(0, indexes=list(indexes))


def _with_index(attribute: dict[str, Any], index: dict[str, Any]) -> dict[str, Any]:
    made = _indexed({"attribute": "displayName"}, index)
    made["schemas"][0]["attributes"].append(attribute)
    return made


def _without_type() -> dict[str, Any]:
    made = document()
    # The group of devices goes with them: it needs a target.
    made["resourceTypes"] = []
    return made


RELATION = {"attribute": "members", "targets": ["Device"], "backLink": "groups"}
NAME = {"attribute": "displayName"}


@pytest.mark.parametrize(
    ("made", "told"),
    [
        pytest.param(_without_type, "the type cannot be removed", id="type"),
        pytest.param(
            lambda: (
                changed(("resourceTypes.0.name", "Gadget"))
                | {"resourceTypes": [{**DOCUMENT["resourceTypes"][0], "name": "Gadget"}]}
            ),
            "the type cannot be removed",
            id="another name",
        ),
        pytest.param(
            lambda: changed(("resourceTypes.0.endpoint", "/Gadgets")),
            "its endpoint cannot change from /Devices",
            id="endpoint",
        ),
        pytest.param(
            lambda: changed(("resourceTypes.0.schemaExtensions", [])),
            f"the extension {MAB} cannot be removed",
            id="extension",
        ),
        pytest.param(
            lambda: without_attribute(0, 2),
            "the attribute mudUrl cannot be removed or renamed",
            id="attribute",
        ),
        pytest.param(
            lambda: changed((f"{PLACE}.2.name", "MUDURL")),
            "the attribute mudUrl cannot be removed or renamed",
            id="spelling of an attribute",
        ),
        pytest.param(
            lambda: changed((f"{PLACE}.2.type", "string")),
            "the type of mudUrl cannot change from reference to string",
            id="type of an attribute",
        ),
        pytest.param(
            lambda: changed((f"{PLACE}.2.multiValued", True)),
            "mudUrl cannot change between one value and several",
            id="number of values",
        ),
        pytest.param(
            lambda: changed((f"{PLACE}.2.uniqueness", "server")),
            "the uniqueness of mudUrl cannot change from none",
            id="uniqueness",
        ),
        pytest.param(
            lambda: changed((f"{PLACE}.2", {**DOCUMENT["schemas"][0]["attributes"][2], **SECRET})),
            "mudUrl cannot change between a secret and what can be read",
            id="secrecy",
        ),
        pytest.param(
            lambda: changed(("schemas.1.attributes.0.uniqueness", "none")),
            "the uniqueness of deviceMacAddress cannot change from server",
            id="uniqueness in an extension",
        ),
        pytest.param(
            lambda: changed((f"{PLACE}.3.subAttributes.2.type", "boolean")),
            "the type of groups.display cannot change",
            id="part of an attribute",
        ),
        pytest.param(_indexed, "the index of displayName stays as it was declared", id="index"),
        pytest.param(
            lambda: changed((f"{PLACE}.0.caseExact", True)),
            "caseExact of displayName cannot change, it is indexed",
            id="case of what is indexed",
        ),
        pytest.param(
            lambda: _indexed(NAME, {"attribute": "mudUrl"}),
            'the index of mudUrl has to be declared "late": true',
            id="index of what is stored already",
        ),
        pytest.param(
            lambda: changed((f"{PLACE}.0.required", True)),
            "displayName cannot become required, it is indexed",
            id="required and indexed",
        ),
        pytest.param(
            lambda: _with_index({"name": "model", "required": True}, {"attribute": "model"}),
            "model cannot become required, it is indexed",
            id="new, required and indexed",
        ),
        pytest.param(
            lambda: _stored(1), "members cannot cease to be a relation", id="relation that goes"
        ),
        pytest.param(
            lambda: _stored(1, relations=[{"attribute": "members", "targets": ["User"]}]),
            "members cannot be without the target Device",
            id="target",
        ),
    ],
)
def test_a_change_that_stored_resources_would_not_survive_is_reported(
    made: Callable[[], dict[str, Any]], told: str
) -> None:
    found = list(incompatibilities(_catalogue(document()), _catalogue(made())))
    assert any(told in each.detail for each in found), found
    assert {each.type for each in found} <= {"Device", "DeviceGroup"}


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(document, id="the same"),
        pytest.param(lambda: changed(("resourceTypes.0.description", "x")), id="descriptions"),
        pytest.param(lambda: changed((f"{PLACE}.2.caseExact", False)), id="case, not indexed"),
        pytest.param(lambda: changed((f"{PLACE}.1.required", False)), id="less required"),
        pytest.param(
            lambda: changed((f"{PLACE}.2.required", True)), id="more required, not indexed"
        ),
        pytest.param(
            lambda: _indexed(NAME, {"attribute": "mudUrl", "late": True}), id="a late index"
        ),
        pytest.param(
            lambda: _with_index({"name": "model"}, {"attribute": "model"}),
            id="an index of a new attribute",
        ),
        pytest.param(
            lambda: _stored(1, relations=[{**RELATION, "targets": ["Device", "User"]}]),
            id="another target",
        ),
        pytest.param(
            lambda: changed(
                ("resourceTypes.1.schemaExtensions", [{"schema": MAB, "required": False}])
            ),
            id="another extension",
        ),
    ],
)
def test_a_change_that_stored_resources_survive_is_allowed(
    made: Callable[[], dict[str, Any]],
) -> None:
    assert list(incompatibilities(_catalogue(document()), _catalogue(made()))) == []


def test_an_attribute_that_was_stored_does_not_become_a_relation() -> None:
    old = _stored(1)
    found = list(incompatibilities(_catalogue(old), _catalogue(document())))
    assert ("DeviceGroup", "members cannot become a relation") in found


def test_new_late_indexes_are_reported() -> None:
    late = _indexed(NAME, {"attribute": "mudUrl", "late": True})
    old, new = _catalogue(document()), _catalogue(late)
    assert list(added_late(old, new)) == [("Device", "mudUrl")]
    assert list(added_late(new, new)) == []
    assert list(added_late(catalogue_of(Profile()), new)) == [("Device", "mudUrl")]


def test_a_secret_attribute_may_go() -> None:
    secret = {**DOCUMENT["schemas"][0]["attributes"][2], **SECRET}
    old = _catalogue(changed((f"{PLACE}.2", secret)))
    without = document()
    del without["schemas"][0]["attributes"][2]
    assert list(incompatibilities(old, _catalogue(without))) == []
