"""The Lambda functions of the template: where their code is and how they are configured."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.intrinsics import REGION
from local.template import Template

ELSEWHERE = frozenset({"AWS_ENDPOINT_URL_DYNAMODB"})
"""Variables declared for `sam local` to set. Here they are empty, and those of this process apply."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function; deployed code finds its configuration in `environment`."""

    logical_id: str
    name: str
    arn: str
    code: Path
    layers: tuple[Path, ...]
    handler: str
    timeout: int
    memory: int
    environment: Mapping[str, str]


def functions_of(template: Template, variables: Mapping[str, str]) -> Mapping[str, Function]:
    """Return all functions by ARN; functions with an alias also by the alias's ARN.

    `variables` are set in every function and override the template's.
    """
    functions = {
        logical_id: _function(template, logical_id, variables)
        for logical_id in template.ids_of("AWS::Lambda::Function")
    }
    by_alias = {
        template.scope.arn_of(alias): functions[function_id]
        for alias in template.ids_of("AWS::Lambda::Alias")
        if (function_id := template.resources[alias]["Properties"]["FunctionName"]["Ref"])
        in functions
    }
    return {**{function.arn: function for function in functions.values()}, **by_alias}


def _function(template: Template, logical_id: str, variables: Mapping[str, str]) -> Function:
    properties = template.properties_of(logical_id)
    name = template.scope.name_of(logical_id)
    memory = int(properties.get("MemorySize", 128))
    template_variables = {
        key: _text(value)
        for key, value in properties.get("Environment", {}).get("Variables", {}).items()
        if not (key in ELSEWHERE and value == "")
    }
    runtime = {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "_HANDLER": properties["Handler"],
    }
    return Function(
        logical_id=logical_id,
        name=name,
        arn=template.scope.arn_of(logical_id),
        code=template.folder_of(properties["Code"]),
        layers=_layers(template, properties.get("Layers", [])),
        handler=properties["Handler"],
        timeout=int(properties.get("Timeout", 3)),
        memory=memory,
        environment={**runtime, **template_variables, **variables},
    )


def _layers(template: Template, arns: list[str]) -> tuple[Path, ...]:
    layer_ids = {
        template.scope.arn_of(name): name for name in template.ids_of("AWS::Lambda::LayerVersion")
    }
    return tuple(
        template.folder_of(template.properties_of(layer_ids[arn])["Content"])
        for arn in arns
        if arn in layer_ids
    )


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
