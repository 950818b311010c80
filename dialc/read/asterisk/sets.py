"""Operations on sets of instants that are done once and remembered.

In: sets. Out: the same sets as `Instants` makes of them. A walk asks the same hours at many places of a call, each time
of the same sets, which are large; what is remembered is told by which objects they are, and these are kept.
"""

from dialc.calendar import Instants


class Sets:
    """What has been made of sets."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, int, int], tuple[Instants, Instants, Instants]] = {}

    def both(self, one: Instants, other: Instants) -> Instants:
        """The instants of both."""
        key = ("&", id(one), id(other))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = one, other, one & other
        return made[2]

    def without(self, one: Instants, other: Instants) -> Instants:
        """The instants of the one that the other has not."""
        key = ("-", id(one), id(other))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = one, other, one - other
        return made[2]

    def either(self, one: Instants, other: Instants) -> Instants:
        """The instants of one or the other."""
        key = ("|", id(one), id(other))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = one, other, one | other
        return made[2]
