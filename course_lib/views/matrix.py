"""A matrix as coloured cells with the number in each: the darker, the larger, and never by colour alone."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from course_lib.views.style import INK, SMALL, VERMILION, number

# White to Okabe-Ito blue and a shade beyond: lightness alone carries the value, so grey prints and all eyes agree.
SHADES = LinearSegmentedColormap.from_list("course", ["#ffffff", "#9ecbe8", "#0072B2", "#003f66"], bad="#d9d9d9")
CELL = 46  # CSS pixels


def draw_matrix(axes, values, rows, columns, most, decimals=2):
    """Draw values (n_rows, n_columns) with row and column names; `most` gets the darkest shade."""
    shown = draw_shades(axes, values, most)
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False, labelsize=SMALL)
    axes.spines[:].set_visible(False)
    for (row, column), value in np.ndenumerate(values):
        colour = ink_on(axes.images[0].to_rgba(shown[row, column]))
        axes.text(column, row, cell_text(value, decimals), ha="center", va="center", fontsize=SMALL, color=colour)


def draw_shades(axes, values, most):
    """Draw the cells alone, and return what they show."""
    shown = np.abs(np.where(np.isfinite(values), values, np.nan).astype(float))
    axes.imshow(shown, cmap=SHADES, vmin=0, vmax=most or 1, aspect="auto")
    return shown


def ink_on(colour):
    """Return the ink, dark or white, that stands out more from a colour (WCAG 2.2, relative luminance)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return "white" if np.dot(linear, [0.2126, 0.7152, 0.0722]) < 0.19 else INK


def mark_cells(axes, cells):
    """Put a thick frame round each cell (row, column), so that it stands out without its colour."""
    for row, column in cells:
        look = {"color": VERMILION, "lw": 3, "solid_joinstyle": "miter"}
        left, right, top, low = column - 0.44, column + 0.44, row - 0.42, row + 0.42
        axes.plot([left, right, right, left, left], [top, top, low, low, top], **look)


def cell_text(value, decimals=2):
    """Return what stands in a cell.

    >>> [cell_text(value) for value in (0.5, -np.inf, np.nan, np.True_, 1234.5)]
    ['.50', '−∞', 'nan', 'yes', '1·10³']
    """
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if np.isnan(value):
        return "nan"
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    if abs(value) >= 1000:
        return f"{value:.0e}".replace("e+0", "e").replace("e+", "e").replace("-", "−")
    if isinstance(value, int | np.integer):
        return number(value, 0)
    return number(value, decimals if abs(value) < 100 else 0)
