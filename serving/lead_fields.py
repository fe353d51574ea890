"""The fields of a lead as they are documented: the columns of the table `leads`, and any other."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from serving.field_value import NUMBER_FIRST, TEXT_FIRST, FieldValue

Text = Annotated[FieldValue, TEXT_FIRST]
Number = Annotated[FieldValue, NUMBER_FIRST]
_MOMENT: Final = "2026-09-01T08:30:00Z"


class LeadFields(BaseModel):
    """The lead's columns as the CRM has them, `created_at` among them.

    A column that the model does not use is welcome, and named among the `issues`. Text is read as a number
    where the model wants one, and a number as text.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, FieldValue]

    created_at: Annotated[
        Text, Field(description="When the lead was created, ISO 8601.", examples=[_MOMENT])
    ] = None
    company: Annotated[Text, Field(description="The company.")] = None
    email: Annotated[Text, Field(description="The address. Baton does not keep it.")] = None
    title: Annotated[Text, Field(description="The person's job.")] = None
    industry: Annotated[Text, Field(description="The industry, in the CRM's words.")] = None
    number_of_employees: Annotated[Number, Field(description="The company's size.", examples=[240])] = None
    annual_revenue: Annotated[Number, Field(description="The company's revenue a year.")] = None
    country: Annotated[Text, Field(description="The country, in the CRM's words.")] = None
    lead_source: Annotated[Text, Field(description="Where the lead came from.")] = None
    campaign_id: Annotated[Text, Field(description="The campaign that brought it.")] = None
    line_of_business: Annotated[Text, Field(description="The line of business that it is for.")] = None
    dnb_rating: Annotated[Text, Field(description="The rating by Dun & Bradstreet.")] = None
    bbb_rating: Annotated[Text, Field(description="The rating by the Better Business Bureau.")] = None
    account_id: Annotated[Text, Field(description="The account it belongs to.")] = None
    owner_id: Annotated[Text, Field(description="Who looks after it.")] = None
    stage: Annotated[Text, Field(description="The stage it is in, in the CRM's words.")] = None
    converted_at: Annotated[Text, Field(description="When it reached the target, ISO 8601.")] = None


class AsLeadFields:
    """Documents a mapping of fields as :class:`LeadFields`; it is read as the mapping that it is."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return a reference to the named schema."""
        # Pydantic names a model only where it stands inside another schema.
        told: dict[str, Any] = handler(core_schema.list_schema(LeadFields.__pydantic_core_schema__))["items"]
        return told
