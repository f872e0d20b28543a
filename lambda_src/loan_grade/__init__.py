"""The service that grades loan applications from A to G."""
