"""Whether a version can still read its model: the role that it runs as, and the objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from tools.release.places import Place
from tools.release.versions import FunctionVersion


def unreadable(place: Place, version: FunctionVersion) -> str | None:
    """Why a version cannot load its model, as a clause; None where it can."""
    role = version.role.rpartition("/")[2]
    try:
        allowed = _readable_objects(place.client("iam"), role)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return f"its role {role} is gone"
    if version.bucket is None:
        return None
    storage = place.client("s3")
    for name, file in version.files.items():
        arn = f"arn:{place.session.get_partition_for_region(place.session.region_name)}:s3:::"
        if f"{arn}{version.bucket}/{file['key']}" not in allowed:
            return f"its role {role} may not read {name} of its model"
        try:
            size = storage.head_object(Bucket=version.bucket, Key=file["key"])["ContentLength"]
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
            return f"{name} of its model is no longer in the bucket {version.bucket}"
        if size != file["bytes"]:
            return f"{name} of its model has {size} bytes in the bucket instead of {file['bytes']}"
    return None


def _readable_objects(roles: Any, role: str) -> set[str]:
    """The ARNs of the objects that a role's own statements let it read. Ours name every one."""
    allowed: set[str] = set()
    for policy in roles.list_role_policies(RoleName=role)["PolicyNames"]:
        document = roles.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        for statement in document["Statement"]:
            if statement["Effect"] == "Allow" and "s3:GetObject" in _listed(statement, "Action"):
                allowed.update(_listed(statement, "Resource"))
    return allowed


def _listed(statement: Mapping[str, Any], member: str) -> list[str]:
    value = statement[member]
    return [value] if isinstance(value, str) else value
