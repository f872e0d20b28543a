"""What every model service shares at run time: HTTP and the way of a model into memory.

Nothing here knows what a model predicts. Modules avoid `typing`, `dataclasses`, `http.client`,
`urllib` and `datetime`: Lambda's runtime client has not imported them yet when the handler is
loaded, and together they would cost more than everything this package does at a cold start.
"""
