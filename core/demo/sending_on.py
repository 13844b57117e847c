"""Another route in a story: which one, what the individual is told, and the first step that is taken there."""

from __future__ import annotations

from core.commands.routing import RecordRouteStep, RouteElsewhere
from core.demo.story import Story
from core.demo.texts import phrases


def send_on(story: Story, steps: int) -> None:
    """Send the complaint by another route, some working days after it came, and record what happened there since."""
    day = story.not_before_now(story.shift(story.received_on, steps))
    said = phrases()["routes"][story.course.route]
    words = {name: said[name] for name in ("why", "told", "taken_by", "link")}
    story.act(day, story.handler, RouteElsewhere, route=story.course.route, told_on=day, **words)
    if "step" in said:
        later = story.shift(day, story.some("next_entry"))
        story.act(later, story.handler, RecordRouteStep, step=said["step"], on=later)
