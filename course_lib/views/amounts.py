"""How the course writes large amounts: numbers with a power of ten, sizes, seconds, how many times."""

from math import floor, log10

from course_lib.cost import gigabytes
from course_lib.views.style import number

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def two_digits(value):
    """Return a number with two digits that count, and a whole one from 10 up.

    >>> two_digits(0.00421), two_digits(4.04), two_digits(390.1), two_digits(0)
    ('.0042', '4.0', '390', '0')
    """
    if not value:
        return "0"
    power = floor(log10(abs(float(f"{value:.1e}"))))  # of the rounded one: 9.96 is 10
    return number(value, max(0, 1 - power))


def power_of_ten(power):
    """Return 10 raised to a whole power from 0 up.

    >>> power_of_ten(12)
    '10¹²'
    """
    return f"10{str(power).translate(_RAISED)}"


def large(value):
    """Return a number below a million in full, a larger one with two digits.

    >>> large(34_816), large(40_000_000_000)
    ('34,816', '4.0·10¹⁰')
    """
    if value < 1e6:
        return f"{value:,.0f}"
    digits, power = f"{value:.1e}".split("e+")
    return f"{digits}·{power_of_ten(int(power))}"


def size(numbers):
    """Return the size of that many float32 numbers.

    >>> size(40_000_000_000), size(1_048_576)
    ('160 GB', '.0042 GB')
    """
    return f"{two_digits(gigabytes(numbers))} GB"


def duration(seconds):
    """Return a time in the unit in which it is easiest to say.

    >>> duration(0.0031), duration(0.253), duration(69.2), duration(400), duration(20_000)
    ('3.1 ms', '.25 s', '69 s', '6.7 min', '5.6 h')
    """
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{two_digits(seconds / length)} {unit}"
    return f"{two_digits(seconds)} s" if seconds >= 0.1 else f"{two_digits(1000 * seconds)} ms"
