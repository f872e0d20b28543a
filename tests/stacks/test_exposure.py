"""Who gets in, and through which door: what mutated templates have shown to be unguarded."""

from __future__ import annotations

from tools.reliability.defects.assembly import Assembly, Resource

STORE, SERVICE = "ModelStore", "SpamOrHam"


def methods(assembly: Assembly, integration: str) -> list[Resource]:
    every = assembly.resources(SERVICE, "AWS::ApiGateway::Method").values()
    return [m["Properties"] for m in every if m["Properties"]["Integration"]["Type"] == integration]


def test_roles_are_taken_on_by_one_service_each(dev: Assembly) -> None:
    roles = {
        **dev.resources(STORE, "AWS::IAM::Role"),
        **dev.resources(SERVICE, "AWS::IAM::Role"),
    }
    assert len(roles) >= 2
    for role in roles.values():
        [statement] = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Action"] == "sts:AssumeRole"
        assert statement["Principal"].keys() == {"Service"}
        assert statement["Principal"]["Service"] in (
            "lambda.amazonaws.com",
            "apigateway.amazonaws.com",
        )


def test_the_api_is_the_only_door(dev: Assembly) -> None:
    for stack in (STORE, SERVICE):
        types = {resource["Type"] for resource in dev.template(stack)["Resources"].values()}
        assert types.isdisjoint({"AWS::Lambda::Url", "AWS::Lambda::EventSourceMapping"})


def test_nobody_needs_credentials_where_the_stage_is_open(dev: Assembly) -> None:
    for method in methods(dev, "AWS_PROXY") + methods(dev, "MOCK"):
        assert method["AuthorizationType"] == "NONE"
        assert not method.get("ApiKeyRequired")


def test_objects_belong_to_the_bucket_and_acls_count_for_nothing(dev: Assembly) -> None:
    for bucket in dev.resources(STORE, "AWS::S3::Bucket").values():
        ownership = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        assert bucket["Properties"]["OwnershipControls"] == ownership
