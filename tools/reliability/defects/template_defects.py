"""Mistakes in the templates, one change each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Template = dict[str, Any]
Change = Callable[[Template], None]
STORE, SERVICE, LOANS = "ModelStore", "SpamOrHam", "LoanGrade"
FUNCTION, ROLE, BUCKET = "AWS::Lambda::Function", "AWS::IAM::Role", "AWS::S3::Bucket"
METHOD, STAGE = "AWS::ApiGateway::Method", "AWS::ApiGateway::Stage"
GATEWAY_RESPONSE, ALARM = "AWS::ApiGateway::GatewayResponse", "AWS::CloudWatch::Alarm"


@dataclass(frozen=True)
class TemplateDefect:
    """`change` makes a good template of `stack` in `stage` a bad one."""

    name: str
    stack: str
    change: Change
    stage: str = "dev"


def _id(template: Template, type_: str, part: str) -> str:
    [resource_id] = [
        id_
        for id_, resource in template["Resources"].items()
        if resource["Type"] == type_ and part in id_
    ]
    return str(resource_id)


def put(type_: str, part: str, *path: str | int, value: object) -> Change:
    """Sets what `path` leads to in the one resource of a type with `part` in its ID."""

    def change(template: Template) -> None:
        node: Any = template["Resources"][_id(template, type_, part)]
        for step in path[:-1]:
            node = node[step]
        if isinstance(node, dict) and node.get(path[-1]) == value:
            raise ValueError(f"{type_} {part}: {path} is {value!r} already")
        node[path[-1]] = value

    return change


def drop(type_: str, part: str, *path: str | int) -> Change:
    """Removes what `path` leads to in the one resource of a type with `part` in its ID."""

    def change(template: Template) -> None:
        node: Any = template["Resources"][_id(template, type_, part)]
        for step in path[:-1]:
            node = node[step]
        del node[path[-1]]

    return change


def drop_resource(type_: str, part: str) -> Change:
    """Removes a resource, and from all others that they depend on it."""

    def change(template: Template) -> None:
        gone = _id(template, type_, part)
        del template["Resources"][gone]
        for resource in template["Resources"].values():
            kept = [id_ for id_ in resource.pop("DependsOn", []) if id_ != gone]
            if kept:
                resource["DependsOn"] = kept

    return change


def add(id_: str, type_: str, properties: Template) -> Change:
    """Adds a resource that nobody asked for."""

    def change(template: Template) -> None:
        template["Resources"][id_] = {"Type": type_, "Properties": properties}

    return change


def extend(type_: str, part: str, *path: str | int, value: object) -> Change:
    """Appends to the list that `path` leads to."""

    def change(template: Template) -> None:
        node: Any = template["Resources"][_id(template, type_, part)]
        for step in path:
            node = node[step]
        node.append(value)

    return change


_P = "Properties"
_STATEMENTS = (_P, "PolicyDocument", "Statement")
_ROLE_STATEMENTS = (_P, "Policies", 0, "PolicyDocument", "Statement")
_VARIABLES = (_P, "Environment", "Variables")
_TOPIC_POLICY, _ALIAS = "AWS::SNS::TopicPolicy", "AWS::Lambda::Alias"
_GROUP, _BY_CODE_DEPLOY = "AWS::CodeDeploy::DeploymentGroup", "CodeDeployLambdaAliasUpdate"
_ANY = "spamorhamANY"
_OPTIONS = "spamorhamOPTIONS"
_EVERYBODY = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
_OPEN_TOPIC = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sns:Publish"}
_BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
_PINS = '{"m.pkl":{"bytes":1,"key":"k","sha256":"' + "0" * 64 + '"}}'
_ECHO = '{"detail":"$context.error.messageString","body":"$input.body"}'


def _store(name: str, change: Change, stage: str = "dev") -> TemplateDefect:
    return TemplateDefect(name, STORE, change, stage)


def _service(name: str, change: Change, stage: str = "dev") -> TemplateDefect:
    return TemplateDefect(name, SERVICE, change, stage)


TEMPLATE_DEFECTS: tuple[TemplateDefect, ...] = (
    _store("public bucket", drop(BUCKET, "Models", _P, "PublicAccessBlockConfiguration")),
    _store(
        "public policies allowed",
        put(
            BUCKET,
            "Models",
            _P,
            "PublicAccessBlockConfiguration",
            "BlockPublicPolicy",
            value=False,
        ),
    ),
    _store(
        "bucket readable by everybody",
        extend("AWS::S3::BucketPolicy", "Models", *_STATEMENTS, value=_EVERYBODY),
    ),
    _store("TLS not required", drop("AWS::S3::BucketPolicy", "Models", *_STATEMENTS, 0)),
    _store("old TLS accepted", drop("AWS::S3::BucketPolicy", "Models", *_STATEMENTS, 1)),
    _store("bucket policy removed", drop_resource("AWS::S3::BucketPolicy", "Models")),
    _store("encryption off", drop(BUCKET, "Models", _P, "BucketEncryption")),
    _store("versioning off", drop(BUCKET, "Models", _P, "VersioningConfiguration")),
    _store("bucket's access log off", drop(BUCKET, "Models", _P, "LoggingConfiguration")),
    _store("ACLs back", drop(BUCKET, "Models", _P, "OwnershipControls")),
    _store(
        "models expire",
        put(
            BUCKET, "Models", _P, "LifecycleConfiguration", "Rules", 0, "ExpirationInDays", value=30
        ),
    ),
    _store(
        "bucket goes with its stack",
        put(BUCKET, "Models", "DeletionPolicy", value="Delete"),
        "prod",
    ),
    _store(
        "publisher writes anywhere",
        put(ROLE, "Publisher", *_ROLE_STATEMENTS, 1, "Resource", value="*"),
    ),
    _store(
        "publisher does anything",
        put(ROLE, "Publisher", *_ROLE_STATEMENTS, 1, "Action", value="s3:*"),
    ),
    _store(
        "publisher publishes nothing",
        put("Custom::PublishedModels", "Published", _P, "Keys", value=[]),
    ),
    _service(
        "function reads any object",
        put(ROLE, "Inference", *_ROLE_STATEMENTS, 1, "Resource", value="*"),
    ),
    _service(
        "function deletes models",
        put(
            ROLE,
            "Inference",
            *_ROLE_STATEMENTS,
            1,
            "Action",
            value=["s3:GetObject", "s3:DeleteObject"],
        ),
    ),
    _service("managed policy", put(ROLE, "Inference", _P, "ManagedPolicyArns", value=[_BASIC])),
    _service(
        "role for everybody",
        put(
            ROLE,
            "Inference",
            _P,
            "AssumeRolePolicyDocument",
            "Statement",
            0,
            "Principal",
            value={"AWS": "*"},
        ),
    ),
    _service("digests removed", drop(FUNCTION, "Inference", *_VARIABLES, "MODEL_ARTIFACTS")),
    _service(
        "digests empty", put(FUNCTION, "Inference", *_VARIABLES, "MODEL_ARTIFACTS", value="{}")
    ),
    _service(
        "digests of another model",
        put(FUNCTION, "Inference", *_VARIABLES, "MODEL_ARTIFACTS", value=_PINS),
    ),
    _service("version unnamed", drop(FUNCTION, "Inference", *_VARIABLES, "MODEL_VERSION")),
    _service("timeout beyond the gateway's", put(FUNCTION, "Inference", _P, "Timeout", value=30)),
    _service("memory 128", put(FUNCTION, "Inference", _P, "MemorySize", value=128)),
    _service(
        "nothing reserved",
        drop(FUNCTION, "Inference", _P, "ReservedConcurrentExecutions"),
        "prod",
    ),
    _service("old runtime", put(FUNCTION, "Inference", _P, "Runtime", value="python3.9")),
    _service("another handler", put(FUNCTION, "Inference", _P, "Handler", value="index.handler")),
    _service(
        "text logs", put(FUNCTION, "Inference", _P, "LoggingConfig", "LogFormat", value="Text")
    ),
    _service(
        "logs kept for ever", drop("AWS::Logs::LogGroup", "InferenceLogs", _P, "RetentionInDays")
    ),
    _service(
        "open Function URL",
        add(
            "Url",
            "AWS::Lambda::Url",
            {"AuthType": "NONE", "TargetFunctionArn": {"Ref": "InferenceLive21DCCE28"}},
        ),
    ),
    _service(
        "alias on what is being edited",
        put("AWS::Lambda::Alias", "InferenceLive", _P, "FunctionVersion", value="$LATEST"),
    ),
    _service(
        "old versions deleted", put("AWS::Lambda::Version", "", "DeletionPolicy", value="Delete")
    ),
    _service("method ANY", put(METHOD, _OPTIONS, _P, "HttpMethod", value="ANY")),
    _service("path unanswered", drop_resource(METHOD, _ANY)),
    _service("path closed silently", put(METHOD, _ANY, _P, "AuthorizationType", value="AWS_IAM")),
    _service("key asked silently", put(METHOD, _ANY, _P, "ApiKeyRequired", value=True)),
    _service(
        "mock reads base64",
        drop(METHOD, _OPTIONS, _P, "Integration", "ContentHandling"),
    ),
    _service(
        "bodies damaged", drop("AWS::ApiGateway::RestApi", "EndpointApi", _P, "BinaryMediaTypes")
    ),
    _service("throttle removed", drop(STAGE, "", _P, "MethodSettings", 0, "ThrottlingRateLimit")),
    _service("access log off", drop(STAGE, "", _P, "AccessLogSetting")),
    _service(
        "requests traced", put(STAGE, "", _P, "MethodSettings", 0, "DataTraceEnabled", value=True)
    ),
    _service("unknown paths answer 403", drop_resource(GATEWAY_RESPONSE, "MissingToken")),
    _service(
        "every 4xx becomes 400", put(GATEWAY_RESPONSE, "Default4xx", _P, "StatusCode", value="400")
    ),
    _service(
        "429 without Retry-After",
        drop(
            GATEWAY_RESPONSE,
            "Throttled",
            _P,
            "ResponseParameters",
            "gatewayresponse.header.Retry-After",
        ),
    ),
    _service(
        "gateway repeats the request",
        put(GATEWAY_RESPONSE, "TooLarge", _P, "ResponseTemplates", "application/json", value=_ECHO),
    ),
    _service(
        "problem as plain JSON",
        drop(
            GATEWAY_RESPONSE,
            "Default5xx",
            _P,
            "ResponseParameters",
            "gatewayresponse.header.Content-Type",
        ),
    ),
    _service(
        "CORS for everybody",
        put(FUNCTION, "Inference", *_VARIABLES, "CORS_ALLOW_ORIGIN", value="*"),
        "prod",
    ),
    _service(
        "anybody may invoke",
        put("AWS::Lambda::Permission", "EndpointGateway", _P, "Principal", value="*"),
    ),
    _service(
        "any API may invoke",
        drop("AWS::Lambda::Permission", "EndpointGateway", _P, "SourceArn"),
    ),
    _service("alarm removed", drop_resource(ALARM, "MonitoringErrors")),
    _service("alarm tells nobody", drop(ALARM, "MonitoringThrottles", _P, "AlarmActions")),
    _service("alarm never fires", put(ALARM, "Slow", _P, "Threshold", value=60_000)),
    _service("topic open", extend(_TOPIC_POLICY, "Monitoring", *_STATEMENTS, value=_OPEN_TOPIC)),
    _service("topic without TLS", drop(_TOPIC_POLICY, "Monitoring", *_STATEMENTS, 0)),
    _service(
        "brake stops any function",
        put("AWS::IAM::Policy", "BrakeStop", *_STATEMENTS, 0, "Resource", value="*"),
    ),
    _service(
        "brake may do anything to its functions",
        put("AWS::IAM::Policy", "BrakeStop", *_STATEMENTS, 0, "Action", value="lambda:*"),
    ),
    _service("brake unconnected", drop(ALARM, "BrakeSpending", _P, "AlarmActions")),
    _service(
        "release without its hook",
        drop(_ALIAS, "Live", "UpdatePolicy", _BY_CODE_DEPLOY, "BeforeAllowTrafficHook"),
        "prod",
    ),
    _service(
        "release by a managed policy",
        put(ROLE, "Stepwise", _P, "ManagedPolicyArns", value=[_BASIC]),
        "prod",
    ),
    _service("release without alarms", drop(_GROUP, "", _P, "AlarmConfiguration"), "prod"),
    TemplateDefect(
        "release that old trouble blocks",
        LOANS,
        put(ALARM, "VersionAlarmsErrors", _P, "AlarmName", value="prod-loan-grade-release"),
        "prod",
    ),
    TemplateDefect(
        "release all at once",
        LOANS,
        put(
            "AWS::CodeDeploy::DeploymentConfig",
            "",
            _P,
            "TrafficRoutingConfig",
            value={"Type": "AllAtOnce"},
        ),
        "prod",
    ),
    TemplateDefect(
        "hook asks anything",
        LOANS,
        put(ROLE, "PreTraffic", *_ROLE_STATEMENTS, 1, "Resource", value="*"),
        "prod",
    ),
    TemplateDefect(
        "confidence unwatched", LOANS, drop_resource(ALARM, "MonitoringConfidence"), "prod"
    ),
    _store("dashboard removed", drop_resource("AWS::CloudWatch::Dashboard", "")),
    _store(
        "another query saved",
        put(
            "AWS::Logs::QueryDefinition",
            "QueriesErrors",
            _P,
            "QueryString",
            value="fields @message",
        ),
    ),
    _store("brake deaf", drop_resource("AWS::SNS::Subscription", "Brake")),
)
