"""Where what a row is refused with was before; see `portable.base`."""

from portable.base import UnusableRow as UnusableRow
