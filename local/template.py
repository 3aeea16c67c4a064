"""template.yaml as CloudFormation would see it: translated by SAM's own translator, offline.

A translation takes seconds, so it is cached in `.cache/templates` under a digest of all its inputs.
"""

import copy
import hashlib
import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from samtranslator.yaml_helper import (  # type: ignore[import-untyped] # ships no types
    intrinsics_multi_constructor,
)

from local.intrinsics import REGION, Scope

TEMPLATE = Path(__file__).resolve().parent.parent / "template.yaml"

# SAM accepts only an object in S3 here, so a local folder passes through the translation as the object's key.
_LOCAL_PATHS = ("CodeUri", "ContentUri", "DefinitionUri")
_BUCKET = "local"

_KEPT = Path(__file__).parent.parent / ".cache" / "templates"
_MOST_KEPT = 100


class _Loader(yaml.CSafeLoader):
    """A separate loader class, because SAM registers the intrinsics on PyYAML's."""


_Loader.add_multi_constructor("!", intrinsics_multi_constructor)


@dataclass(frozen=True, slots=True)
class Template:
    """The resources of a template whose conditions hold, and the scope in which its references resolve."""

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
    """Return the parameters that a template declares, by name."""
    declared: Mapping[str, Mapping[str, Any]] = document_of(path).get("Parameters", {})
    return declared


def document_of(path: Path) -> dict[str, Any]:
    """Return a template as written, with its tags parsed as SAM's own parser does; it is read once."""
    return _document(path.resolve(), path.stat().st_mtime_ns)


def read(path: Path, stack: str = "local", parameters: Mapping[str, str] | None = None) -> Template:
    """Read a SAM template as it would be deployed here with these parameters."""
    overrides = dict(parameters or {})
    translated = _translated(
        path.resolve(), path.stat().st_mtime_ns, tuple(sorted(overrides.items()))
    )
    declared = translated.get("Parameters", {})
    if unknown := overrides.keys() - declared.keys():
        raise ValueError(f"{path.name} has no parameter {', '.join(sorted(unknown))}.")
    values = {
        name: overrides.get(name, declaration.get("Default", ""))
        for name, declaration in declared.items()
    }
    resources = translated["Resources"]
    scope = Scope(stack, values, translated.get("Conditions", {}), resources)
    active = {
        name: resource
        for name, resource in resources.items()
        if "Condition" not in resource or scope.holds(resource["Condition"])
    }
    return Template(path.resolve().parent, active, scope)


@lru_cache(maxsize=4)
def _document(path: Path, _changed: int) -> dict[str, Any]:
    with path.open("rb") as file:  # an error of PyYAML names the open file
        document: dict[str, Any] = yaml.load(file, Loader=_Loader)  # noqa: S506 - a SafeLoader
    return document


@lru_cache(maxsize=16)
def _translated(
    path: Path, modified_ns: int, parameters: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    made_of = [hashlib.sha256(source.read_bytes()).hexdigest() for source in (path, Path(__file__))]
    cache_key = json.dumps([version("aws-sam-translator"), *made_of, parameters])
    cache_file = _KEPT / f"{hashlib.sha256(cache_key.encode()).hexdigest()}.json"
    with suppress(OSError, ValueError):
        cached: dict[str, Any] = json.loads(cache_file.read_text("utf-8"))
        return cached
    translated = _translation(path, modified_ns, dict(parameters))
    with suppress(OSError):  # without a cache it is only slower
        _keep(cache_file, json.dumps(translated))
    return translated


def _keep(file: Path, text: str) -> None:
    """Write a cache file that other processes may be writing too; remove the oldest files."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary_file = file.with_suffix(f".{os.getpid()}")
    temporary_file.write_text(text, "utf-8")
    temporary_file.replace(file)
    newest_first = sorted(
        file.parent.glob("*.json"), key=lambda cached_file: -cached_file.stat().st_mtime
    )
    for old_file in newest_first[_MOST_KEPT:]:
        old_file.unlink(missing_ok=True)


def _translation(path: Path, modified_ns: int, parameters: dict[str, str]) -> dict[str, Any]:
    # Imported here: this takes almost a second, and only a process that starts a gateway needs it.
    parser = import_module("samtranslator.parser.parser")
    translator = import_module("samtranslator.translator.translator")
    swagger = import_module("samtranslator.swagger.swagger")
    py27 = import_module("samtranslator.utils.py27hash_fix")

    document = copy.deepcopy(_document(path, modified_ns))
    for section in (document.get("Globals", {}), document["Resources"]):
        for resource in section.values():
            _keep_local_paths(resource.get("Properties", resource))
    values: dict[str, Any] = {"AWS::Region": REGION, "AWS::Partition": "aws", **parameters}
    py27.to_py27_compatible_template(document, values)
    # There are no feature toggles here, and it would warn about each.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    sam = translator.Translator({}, parser.Parser(), boto_session=_OfflineSession())
    # It copies the whole document twice for each route, though the original is not read again.
    with patch.object(swagger, "_deepcopy", lambda document: document):
        translated = sam.translate(document, values)
    plain: dict[str, Any] = py27.undo_mark_unicode_str_in_template(translated)
    return plain


class _OfflineSession:
    """The only part of a boto3 session that the translator uses: its region."""

    region_name = REGION


def _keep_local_paths(properties: dict[str, Any]) -> None:
    for name in _LOCAL_PATHS:
        if isinstance(properties.get(name), str):
            properties[name] = {"Bucket": _BUCKET, "Key": properties[name]}
