"""A window for torch's flex_attention, its blocks laid out by hand: torch's create_block_mask holds n x n bytes."""

import torch
from torch.nn.attention.flex_attention import BlockMask

BLOCK = 128


def window_blocks(n, radius, causal=False):
    """Return the BlockMask of a window: which blocks of keys each block of queries meets, in full or in part."""
    count = -(-n // BLOCK)
    block = torch.arange(count)
    start, end = block * BLOCK, torch.clamp((block + 1) * BLOCK, max=n) - 1  # first and last query of each block
    after = 0 if causal else radius
    lowest, highest = torch.clamp(start - radius, min=0) // BLOCK, torch.clamp(end + after, max=n - 1) // BLOCK
    # A block of keys is full where the last query still sees its first key, and the first query its last one.
    first_full, last_full = -((radius - end) // BLOCK), (start + after + 1) // BLOCK - 1
    first_full, last_full = torch.maximum(first_full, lowest), torch.minimum(last_full, highest)
    last_full = torch.where((last_full + 1) * BLOCK > n, last_full - 1, last_full)  # one that n cuts short is not full
    met = [range(int(low), int(high) + 1) for low, high in zip(lowest, highest, strict=True)]
    full = [range(int(low), int(high) + 1) for low, high in zip(first_full, last_full, strict=True)]
    partial = [[k for k in row if k not in inner] for row, inner in zip(met, full, strict=True)]
    return BlockMask.from_kv_blocks(
        *_table(partial),
        *_table(full),
        BLOCK_SIZE=BLOCK,
        mask_mod=lambda batch, head, query, key: (key >= query - radius) & (key <= query + after),
        seq_lengths=(n, n),
        compute_q_blocks=False,  # of use in training only
    )


def _table(rows):
    """Return the lengths of the rows, and the rows, filled up with 0 to one place per block."""
    lengths = torch.tensor([len(row) for row in rows], dtype=torch.int32)
    indices = torch.tensor([[*row, *[0] * (len(rows) - len(row))] for row in rows], dtype=torch.int32)
    return lengths[None, None], indices[None, None]
