"""Publishes the models of a deployment: a CloudFormation custom resource."""
