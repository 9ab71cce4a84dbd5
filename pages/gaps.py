"""Coverage gaps: who is beyond the threshold, where, and how near blood centres are."""

from dashboard import panels, topics, widgets

panels.headline(widgets.selection())
topics.draw(widgets.topic_control())
