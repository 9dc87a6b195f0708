"""The pure schedule engine: CDSi logic over data, integer days, no clock and no database."""

ENGINE_VERSION = "1.0.0"
