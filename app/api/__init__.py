"""The REST interface, one module a resource."""

API = "/api/v1"
