"""The base of Slack's payloads: whatever stands in a field that isn't needed breaks nothing."""

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)


class PayloadModel(BaseModel):
    """A field with a default isn't needed: if its value is wrong, it has its default.

    Slack sends `null`, `[]` or `{}` in the place of many.
    """

    model_config = ConfigDict(
        defer_build=True, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    @field_validator("*", mode="wrap")
    @classmethod
    def _default_if_wrong(
        cls, value: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> object:
        try:
            return handler(value)
        except ValidationError:
            field = cls.model_fields[str(info.field_name)]
            if field.is_required():
                raise
            return field.get_default(call_default_factory=True)
