"""`pytest tests` leaves tests/oracle out, which needs PyTorch; `pytest tests/oracle` runs it, and fails without."""

collect_ignore = ["oracle"]
