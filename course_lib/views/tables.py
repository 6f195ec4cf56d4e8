"""Numbers under a chart, one row for each of its lines: where they stand they cover nothing."""


def row_under(axes, level, name, cells, left):
    """Write name and cells below the axes, `level` heights of it under the axis; cells stand under 0, 1, 2, ...

    left: where the name begins, in the units of the first axis. Returns the transform for a sign beside the name.
    """
    below = axes.get_xaxis_transform()
    axes.text(left, -level, name, transform=below, va="center_baseline")
    for place, cell in enumerate(cells):
        axes.text(place, -level, cell, ha="center", va="center_baseline", weight="bold", transform=below)
    return below
