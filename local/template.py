"""template.yaml as CloudFormation would see it: translated by SAM's own translator, offline."""

import copy
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from samtranslator.yaml_helper import (  # type: ignore[import-untyped] # ships no types
    intrinsics_multi_constructor,
)

from local.intrinsics import REGION, Scope

# Where SAM accepts only an object in S3; a local folder travels through the translation as its key.
_LOCAL_PATHS = ("CodeUri", "ContentUri", "DefinitionUri")
_BUCKET = "local"


class _Loader(yaml.CSafeLoader):
    """A loader of its own, because SAM's registers the intrinsics on PyYAML's."""


_Loader.add_multi_constructor("!", intrinsics_multi_constructor)


@dataclass(frozen=True, slots=True)
class Template:
    """The resources of a template whose conditions hold, and the scope its references resolve in."""

    root: Path
    resources: Mapping[str, Mapping[str, Any]]
    scope: Scope

    def ids_of(self, resource_type: str) -> tuple[str, ...]:
        """Return the logical ids of all resources of one CloudFormation type."""
        return tuple(
            name for name, resource in self.resources.items() if resource["Type"] == resource_type
        )

    def properties_of(self, logical_id: str) -> dict[str, Any]:
        properties: dict[str, Any] = self.scope.value_of(
            self.resources[logical_id].get("Properties", {})
        )
        return properties

    def folder_of(self, s3_object: Mapping[str, Any]) -> Path:
        """Return the local folder that a CodeUri or ContentUri named before the translation."""
        return (self.root / str(s3_object["S3Key"])).resolve()


def parameters_of(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the parameters a template declares, by name."""
    document = _document(path.resolve(), path.stat().st_mtime_ns)
    declared: Mapping[str, Mapping[str, Any]] = document.get("Parameters", {})
    return declared


def read(path: Path, stack: str = "local", parameters: Mapping[str, str] | None = None) -> Template:
    """Read a SAM template as it would be deployed here with these parameters."""
    given = dict(parameters or {})
    translated = _translated(path.resolve(), path.stat().st_mtime_ns, tuple(sorted(given.items())))
    declared = translated.get("Parameters", {})
    if unknown := given.keys() - declared.keys():
        raise ValueError(f"{path.name} has no parameter {', '.join(sorted(unknown))}.")
    values = {
        name: given.get(name, declaration.get("Default", ""))
        for name, declaration in declared.items()
    }
    resources = translated["Resources"]
    scope = Scope(stack, values, translated.get("Conditions", {}), resources)
    present = {
        name: resource
        for name, resource in resources.items()
        if "Condition" not in resource or scope.holds(resource["Condition"])
    }
    return Template(path.resolve().parent, present, scope)


@lru_cache(maxsize=4)
def _document(path: Path, _changed: int) -> dict[str, Any]:
    document: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    return document


@lru_cache(maxsize=16)
def _translated(
    path: Path, changed: int, parameters: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    # Imported here: it takes most of a second, which only a process that starts a gateway should pay.
    parser = import_module("samtranslator.parser.parser")
    translator = import_module("samtranslator.translator.translator")
    py27 = import_module("samtranslator.utils.py27hash_fix")

    document = copy.deepcopy(_document(path, changed))
    for section in (document.get("Globals", {}), document["Resources"]):
        for resource in section.values():
            _keep_local_paths(resource.get("Properties", resource))
    values: dict[str, Any] = {"AWS::Region": REGION, "AWS::Partition": "aws", **dict(parameters)}
    py27.to_py27_compatible_template(document, values)
    # It has no feature toggles here, and would warn of each.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    sam = translator.Translator({}, parser.Parser(), boto_session=_OfflineSession())
    translated: dict[str, Any] = py27.undo_mark_unicode_str_in_template(
        sam.translate(document, values)
    )
    return translated


class _OfflineSession:
    """All that the translator asks of a boto3 session: where it is."""

    region_name = REGION


def _keep_local_paths(properties: dict[str, Any]) -> None:
    for name in _LOCAL_PATHS:
        if isinstance(properties.get(name), str):
            properties[name] = {"Bucket": _BUCKET, "Key": properties[name]}
