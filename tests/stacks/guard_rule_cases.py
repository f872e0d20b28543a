"""For each rule of ours a good resource and the change that makes it bad (None removes)."""

from __future__ import annotations

from typing import Any

FUNCTION = {
    "Handler": "spam_or_ham.handler.handler",
    "Runtime": "python3.14",
    "Code": {"S3Bucket": "b", "S3Key": "k"},
    "Role": "arn:aws:iam::123456789012:role/r",
    "MemorySize": 512,
    "Timeout": 15,
    "LoggingConfig": {"LogGroup": "g", "LogFormat": "JSON"},
    "Environment": {"Variables": {"MODEL_ARTIFACTS": '{"f":{"sha256":"0"}}', "MODEL_VERSION": "1"}},
}
PRIVATE = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}
BUCKET = {
    "BucketEncryption": {
        "ServerSideEncryptionConfiguration": [
            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        ]
    },
    "PublicAccessBlockConfiguration": PRIVATE,
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
    ],
}
METHOD = {
    "RestApiId": "a",
    "ResourceId": "r",
    "HttpMethod": "PUT",
    "AuthorizationType": "NONE",
    "Integration": {"Type": "MOCK", "ContentHandling": "CONVERT_TO_TEXT"},
}
SETTING = {
    "HttpMethod": "*",
    "ResourcePath": "/*",
    "ThrottlingRateLimit": 1,
    "ThrottlingBurstLimit": 1,
    "DataTraceEnabled": False,
}
STAGE = {
    "RestApiId": "a",
    "DeploymentId": "d",
    "StageName": "v1",
    "AccessLogSetting": {"DestinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:g"},
    "MethodSettings": [SETTING],
}
PERMISSION = {
    "Action": "lambda:InvokeFunction",
    "FunctionName": "f",
    "Principal": "apigateway.amazonaws.com",
    "SourceArn": "arn:aws:execute-api:us-east-1:123456789012:a/v1/GET/",
}
URL_PERMISSION = {"FunctionName": "f", "Principal": "*"}


DEV = [{"Key": "application", "Value": "local"}, {"Key": "stage", "Value": "dev"}]
PROD = [{"Key": "application", "Value": "a"}, {"Key": "stage", "Value": "prod"}]
LOCAL = [{"Key": "application", "Value": "a"}, {"Key": "stage", "Value": "local"}]
SOMEBODY = {"AWS": "arn:aws:iam::123456789012:role/r"}
TOPIC = "arn:aws:sns:us-east-1:123456789012:t"


def document(**statement: object) -> dict[str, Any]:
    whole = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/k"}
    return {"Version": "2012-10-17", "Statement": [{**whole, **statement}]}


def role(**statement: object) -> dict[str, Any]:
    policies = [{"PolicyName": "p", "PolicyDocument": document(**statement)}]
    return {"AssumeRolePolicyDocument": TRUST, "Policies": policies}


def environment(**changed: str | None) -> dict[str, Any]:
    variables = {**FUNCTION["Environment"]["Variables"], **changed}
    return {"Variables": {name: value for name, value in variables.items() if value is not None}}


STOP = {
    "Action": "lambda:PutFunctionConcurrency",
    "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
}
Case = tuple[str, str, dict[str, Any], dict[str, Any]]

CASES: list[Case] = [
    (
        "INFERENCE_ANSWERS_BEFORE_THE_GATEWAY_GIVES_UP",
        "AWS::Lambda::Function",
        FUNCTION,
        {"Timeout": 29},
    ),
    (
        "INFERENCE_PINS_ITS_MODEL",
        "AWS::Lambda::Function",
        FUNCTION,
        {"Environment": environment(MODEL_ARTIFACTS=None)},
    ),
    (
        "INFERENCE_PINS_ITS_MODEL",
        "AWS::Lambda::Function",
        FUNCTION,
        {"Environment": environment(MODEL_ARTIFACTS='{"f":{"key":"latest"}}')},
    ),
    (
        "INFERENCE_PINS_ITS_MODEL",
        "AWS::Lambda::Function",
        FUNCTION,
        {"Environment": environment(MODEL_VERSION=None)},
    ),
    *(
        (
            "FUNCTION_FETCHES_FROM_PUBLIC_ADDRESSES_ONLY",
            "AWS::Lambda::Function",
            {**FUNCTION, **good},
            {"Environment": environment(FETCH_ALLOW="loopback"), "Tags": tags},
        )
        for good, tags in (
            ({"Environment": environment(FETCH_ALLOW="public")}, None),
            ({"Environment": environment(FETCH_ALLOW="public"), "Tags": DEV}, DEV),
            ({"Environment": environment(FETCH_ALLOW="loopback"), "Tags": LOCAL}, DEV),
            ({"Environment": environment(FETCH_ALLOW="loopback"), "Tags": LOCAL}, None),
        )
    ),
    *(
        ("PRODUCTION_RESERVES_CONCURRENCY", "AWS::Lambda::Function", {**FUNCTION, **good}, bad)
        for good, bad in (
            (
                {"Tags": PROD, "ReservedConcurrentExecutions": 1},
                {"ReservedConcurrentExecutions": None},
            ),
            (
                {"Tags": PROD, "ReservedConcurrentExecutions": 1},
                {"ReservedConcurrentExecutions": 0},
            ),
            ({"Tags": DEV}, {"Tags": PROD}),
            ({}, {"Tags": PROD}),
        )
    ),
    ("FUNCTION_IS_LARGE_ENOUGH", "AWS::Lambda::Function", FUNCTION, {"MemorySize": 128}),
    (
        "FUNCTION_LOGS_JSON_TO_ITS_OWN_GROUP",
        "AWS::Lambda::Function",
        FUNCTION,
        {"LoggingConfig": {"LogFormat": "JSON"}},
    ),
    (
        "FUNCTION_LOGS_JSON_TO_ITS_OWN_GROUP",
        "AWS::Lambda::Function",
        FUNCTION,
        {"LoggingConfig": {"LogGroup": "g", "LogFormat": "Text"}},
    ),
    (
        "LOGS_ARE_NOT_KEPT_FOR_EVER",
        "AWS::Logs::LogGroup",
        {"RetentionInDays": 1},
        {"RetentionInDays": None},
    ),
    ("ROLLBACK_HAS_A_VERSION_TO_GO_BACK_TO", "AWS::Lambda::Version", {"FunctionName": "f"}, {}),
    ("BUCKET_IS_ENCRYPTED", "AWS::S3::Bucket", BUCKET, {"BucketEncryption": None}),
    *(
        (
            "BUCKET_IS_PRIVATE",
            "AWS::S3::Bucket",
            BUCKET,
            {"PublicAccessBlockConfiguration": {**PRIVATE, switch: False}},
        )
        for switch in PRIVATE
    ),
    *(
        (
            "RESOURCE_POLICY_NAMES_WHOM_IT_ALLOWS",
            "AWS::S3::BucketPolicy",
            {"Bucket": "b", "PolicyDocument": document(Principal=SOMEBODY)},
            {"PolicyDocument": document(Principal=principal)},
        )
        for principal in ("*", {"AWS": "*"})
    ),
    (
        "RESOURCE_POLICY_NAMES_WHOM_IT_ALLOWS",
        "AWS::SNS::TopicPolicy",
        {"Topics": [TOPIC], "PolicyDocument": document(Principal=SOMEBODY, Action="sns:Publish")},
        {"PolicyDocument": document(Principal="*", Action="sns:Publish")},
    ),
    ("INVOCATION_IS_ALLOWED_TO_ONE_API", "AWS::Lambda::Permission", PERMISSION, {"Principal": "*"}),
    (
        "INVOCATION_IS_ALLOWED_TO_ONE_API",
        "AWS::Lambda::Permission",
        PERMISSION,
        {"SourceArn": None},
    ),
    (
        "FUNCTION_URL_OPENS_NOTHING_ELSE",
        "AWS::Lambda::Permission",
        {**URL_PERMISSION, "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"},
        {"Action": "lambda:InvokeFunction"},
    ),
    (
        "FUNCTION_URL_OPENS_NOTHING_ELSE",
        "AWS::Lambda::Permission",
        {**URL_PERMISSION, "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True},
        {"InvokedViaFunctionUrl": False},
    ),
    (
        "ROLE_HAS_NO_MANAGED_POLICY",
        "AWS::IAM::Role",
        role(),
        {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]},
    ),
    *(
        ("ROLE_NAMES_ACTIONS_AND_RESOURCES", "AWS::IAM::Role", role(), role(**bad))
        for bad in (
            {"Action": "s3:*"},
            {"Action": ["s3:GetObject", "s3:Get*"]},
            {"Resource": "*"},
            {"Resource": ["arn:aws:s3:::b/k", "*"]},
        )
    ),
    (
        "PERMISSIONS_ARE_PART_OF_THE_ROLE",
        "AWS::IAM::Policy",
        {"PolicyName": "p", "Roles": ["r"], "PolicyDocument": document()},
        {},
    ),
    (
        "PERMISSIONS_ARE_PART_OF_THE_ROLE",
        "AWS::IAM::Policy",
        {"PolicyName": "p", "Roles": ["r"], "PolicyDocument": document(**STOP)},
        {"PolicyDocument": document(**{**STOP, "Resource": "*"})},
    ),
    ("ANY_REACHES_THE_FUNCTION", "AWS::ApiGateway::Method", METHOD, {"HttpMethod": "ANY"}),
    (
        "ANY_REACHES_THE_FUNCTION",
        "AWS::ApiGateway::Method",
        {**METHOD, "HttpMethod": "ANY", "Integration": {"Type": "AWS_PROXY"}},
        {"RequestModels": {"application/json": "m"}},
    ),
    (
        "MOCK_READS_ITS_TEMPLATE",
        "AWS::ApiGateway::Method",
        METHOD,
        {"Integration": {"Type": "MOCK"}},
    ),
    *(
        (
            "BODIES_PASS_BYTE_FOR_BYTE",
            "AWS::ApiGateway::RestApi",
            {"Name": "a", "BinaryMediaTypes": ["*/*"]},
            {"BinaryMediaTypes": types},
        )
        for types in (None, ["image/png"])
    ),
    ("STAGE_IS_THROTTLED_AND_LOGGED", "AWS::ApiGateway::Stage", STAGE, {"AccessLogSetting": None}),
    *(
        (
            "STAGE_IS_THROTTLED_AND_LOGGED",
            "AWS::ApiGateway::Stage",
            STAGE,
            {"MethodSettings": [{**SETTING, changed: value}]},
        )
        for changed, value in (
            ("ThrottlingRateLimit", None),
            ("ThrottlingBurstLimit", None),
            ("DataTraceEnabled", True),
        )
    ),
    (
        "CATCH_ALL_KEEPS_THE_STATUS",
        "AWS::ApiGateway::GatewayResponse",
        {"RestApiId": "a", "ResponseType": "DEFAULT_4XX"},
        {"StatusCode": "400"},
    ),
]
