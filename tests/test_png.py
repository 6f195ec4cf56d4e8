"""A stored picture: decoded by Pillow, it is the one that was drawn, as far as its few colours reach."""

import io

import numpy as np
import pytest
from PIL import Image

from course_lib.views.png import small_png

INKS = np.array([[255, 255, 255], [0, 114, 178], [213, 94, 0], [0, 158, 115], [26, 26, 26]], np.uint8)


def decoded(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 17])
def test_a_picture_with_colours_enough_keeps_every_pixel_whatever_its_width(count):
    rng = np.random.default_rng(count)
    inks = rng.integers(0, 256, (count, 3), np.uint8)
    rgb = inks[rng.integers(0, count, (7, 13))]
    rgba = np.dstack([rgb, np.full((7, 13), 255, np.uint8)])
    np.testing.assert_array_equal(decoded(small_png(rgba, 32)), rgb)


def test_what_is_clear_becomes_white_paper():
    rgba = np.zeros((2, 3, 4), np.uint8)
    rgba[0, 0] = 0, 0, 0, 51
    np.testing.assert_array_equal(decoded(small_png(rgba))[..., 0], [[204, 255, 255], [255, 255, 255]])


def test_large_areas_keep_their_colour_and_a_rare_one_is_not_given_away():
    rgb = np.repeat(INKS[[0, 1, 2, 4]], 500, 0).reshape(40, 50, 3).copy()
    rgb[::2, ::2] = np.random.default_rng(0).integers(150, 256, (20, 25, 1), np.uint8)  # 106 greys, for four places
    rgb[0, 1] = INKS[3]
    rgba = np.dstack([rgb, np.full((40, 50), 255, np.uint8)])
    seen = decoded(small_png(rgba, 8))
    flat = (rgb[..., None, :] == INKS).all(-1).any(-1)
    np.testing.assert_array_equal(seen[flat], rgb[flat])
    assert len(np.unique(seen.reshape(-1, 3), axis=0)) == 8
