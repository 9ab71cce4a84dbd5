"""Expansion planner: where to open, in which role, with proof."""

from dashboard import plan_panels, plan_widgets, plan_work, widgets

view = widgets.selection()
plan = plan_widgets.controls(view)
answer = plan_work.answer(view, plan)
if answer is not None:
    plan_panels.results(view, plan, answer)
    plan_panels.curve(view, plan, answer)
    plan_panels.robust(view, plan, answer)
