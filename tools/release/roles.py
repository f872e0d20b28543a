"""The roles of old versions, which stay as long as the function has these versions."""

from __future__ import annotations

from collections.abc import Callable

from stacks.config.model_service import ModelService
from tools.release.places import Place
from tools.release.versions import stack_outputs


def forget_roles(place: Place, service: ModelService, say: Callable[[str], None] = print) -> None:
    """Delete the roles that a deleted stack has left for its old versions, which went with it.

    Nothing happens while there is the stack, or in a stage whose data outlive it.
    """
    stack = service.stack_name(place.stage)
    if place.stage.retain or stack_outputs(place, stack) is not None:
        return
    roles = place.client("iam")
    pages = roles.get_paginator("list_roles").paginate(PathPrefix=service.role_path(place.stage))
    for role in [each["RoleName"] for page in pages for each in page["Roles"]]:
        for policy in roles.list_role_policies(RoleName=role)["PolicyNames"]:
            roles.delete_role_policy(RoleName=role, PolicyName=policy)
        roles.delete_role(RoleName=role)
        say(f"deleted the role {role}, which an old version of {service.name} had")
