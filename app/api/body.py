"""What all bodies share."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """A body that is read. Unknown fields are refused: a misspelt one would be lost in silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def fields(self) -> dict[str, Any]:
        """The fields as they go into a command."""
        return dict(self)


class Answer(BaseModel):
    """A body that is sent, filled from a row of a read model."""

    model_config = ConfigDict(frozen=True, from_attributes=True)
