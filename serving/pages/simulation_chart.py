"""What two hand-off rules bring, as a picture."""

from __future__ import annotations

from markupsafe import Markup

from serving.figures.simulation import Outcome
from serving.pages.charts import MAIN, OTHER, PALE, draw

_PARTS = ("got there", "did not get there", "got there, not handed over")


def simulation_chart(agreed: Outcome, tried: Outcome) -> Markup:
    """Return the leads handed over and those missed, as agreed and as tried."""
    import altair as alt

    values = [
        {"terms": name, "part": part, "leads": leads, "told": f"{name}: {leads:,} leads {part}"}
        for name, one in (("as agreed", agreed), ("as tried", tried))
        for part, leads in zip(_PARTS, (one.caught.won, one.handed - one.caught.won, one.missed), strict=True)
    ]
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar()
        .encode(
            y=alt.Y("terms:N", title=None, sort=["as agreed", "as tried"]),
            x=alt.X("leads:Q", title="Leads"),
            color=alt.Color("part:N", scale=alt.Scale(domain=_PARTS, range=[MAIN, PALE, OTHER])),
            order=alt.Order("place:Q"),
            description="told:N",
        )
        .properties(width=520, height=alt.Step(34))
    )
    return draw(chart, "; ".join(str(value["told"]) for value in values))
