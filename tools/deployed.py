"""What a deployment has brought up, by the outputs of its stacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Outputs = Mapping[str, Mapping[str, str]]
"""Stack → output → value, as `cdk deploy --outputs-file` writes them."""


@dataclass(frozen=True)
class Deployed:
    """Where a service answers, and which versions of its model and its function were deployed."""

    url: str
    model_version: str
    function: str
    function_version: str

    def put_live(self) -> str:
        """The command after which that version answers, whatever the alias was moved to."""
        return (
            f"aws lambda update-alias --function-name {self.function} --name live "
            f"--function-version {self.function_version}"
        )


def deployed_services(outputs: Outputs) -> dict[str, Deployed]:
    """Service → what was deployed of it, of the stacks that have one.

    Raises `ValueError` for what no deployment of this project writes.
    """
    try:
        return {
            stack_outputs["ServiceName"]: Deployed(
                url=stack_outputs["EndpointUrl"],
                model_version=stack_outputs["ModelVersion"],
                function=stack_outputs["FunctionName"],
                function_version=stack_outputs["FunctionVersion"],
            )
            for stack_outputs in outputs.values()
            if "ServiceName" in stack_outputs
        }
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("these are no outputs of this project's stacks") from error
