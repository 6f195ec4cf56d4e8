"""Grading what learners hand in: submission -> answers -> jail -> compare -> results -> gradebook, reports.

The parent reads JSON and compares plain arrays. It never runs and never unpickles what a learner wrote: that happens in
a child of the zygote, in a jail, and the child never knows the value that is wanted.
"""
