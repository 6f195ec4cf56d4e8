"""An array that travels between Python and the browser as bytes, not as text."""

import numpy as np
import traitlets


def array_to_json(array, _=None):
    """Return what travels: float32 bytes and a shape."""
    return {"shape": list(array.shape), "data": memoryview(np.ascontiguousarray(array)).cast("B")}


def array_from_json(sent, _=None):
    """Return the array that the bytes and the shape make."""
    return np.frombuffer(bytes(sent["data"]), np.float32).reshape(sent["shape"])


class Array(traitlets.TraitType):
    """A float32 array that nobody changes in place. Both sides compute in float64 from it."""

    info_text = "an array of numbers"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.tag(sync=True, to_json=array_to_json, from_json=array_from_json)

    def validate(self, _, value):
        """Return the value as float32, or raise ValueError with a sentence."""
        try:
            array = np.array(value, np.float32)  # a copy, so that the caller's own stays writable
        except (TypeError, ValueError):
            raise ValueError(f"{self.name} must be numbers in rows of equal length, not {value!r}") from None
        array.flags.writeable = False
        return array
