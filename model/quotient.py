"""Machine code that puts interchangeable elements in order, so that states that differ in that alone become one.

What a state says of one block alone (`model.symmetry`) is its column, the same bits for every block of a class, side
by side in a word. `sort` exchanges blocks until their columns are in order, and says between which neighbours they
are the same: those may still differ in what the state says of both, or of blocks of two classes, so whoever wants
the smallest of all has to try their `swaps` as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from model.assembly import Function, signed
from model.expression import Atom
from model.ground import WORD, Ground
from model.language import Sort
from model.symmetry import Class, Element, Exchange, Symmetry, image, value

Columns = list[list[tuple[Atom, ...]]]  # by part of at most a word, by block: what the state says of a block alone


def arranged(ground: Ground, symmetry: Symmetry) -> Ground:
    """The same with the atoms of each column side by side."""
    columns = [part for c in symmetry.classes for part in _columns(ground, symmetry, c)]
    groups = [group for part in columns for group in part]
    return replace(ground, groups=tuple(sorted(groups, key=lambda g: -sum(map(ground.width, g)))))


def alone(ground: Ground, symmetry: Symmetry, c: Class) -> bool:
    """Whether blocks of the class with the same columns are the same in every respect."""
    mine = {element for block in c.blocks for element in block}
    kept = {atom for part in _columns(ground, symmetry, c) for group in part for atom in group}
    return all(atom in kept for atom in ground.changing if _about(ground, atom) & mine)


def quotient(ground: Ground, symmetry: Symmetry) -> list[str]:
    """LLVM functions: `sort(state, _) -> ties`, a bit for each of the swaps, and `swap_i(state, _)`; both in place."""
    function, ties, number = Function(ground, "i64 @sort(ptr %state, ptr %unused)", "%state"), "0", 0
    words = [function.word(w) for w in range(ground.words)]
    for c in symmetry.classes:
        parts = _columns(ground, symmetry, c)
        for last in reversed(range(len(c.swaps))):
            for i in range(last + 1):
                wrong, _ = _compared(function, ground, words, parts, i)
                words = _exchanged(function, ground, words, c.swaps[i], wrong)
        for i in range(len(c.swaps)):
            _, same = _compared(function, ground, words, parts, i)
            bit = function.op(f"zext i1 {same} to i64")
            ties = function.op(f"or i64 {ties}, {function.op(f'shl i64 {bit}, {number}')}")
            number += 1
    functions = [_ended(function, words, ties)]
    for i, swap in enumerate(swap for c in symmetry.classes for swap in c.swaps):
        function = Function(ground, f"i64 @swap_{i}(ptr %state, ptr %unused)", "%state")
        words = _exchanged(function, ground, [function.word(w) for w in range(ground.words)], swap, "true")
        functions.append(_ended(function, words, "0"))
    return functions


def _ended(function: Function, words: list[str], result: str) -> str:
    for w, word in enumerate(words):
        function.line(f"store i64 {word}, ptr {function.op(f'getelementptr i64, ptr %state, i64 {w}')}")
    function.line(f"ret i64 {result}")
    return str(function)


def _about(ground: Ground, atom: Atom) -> set[Element]:
    """The elements that a cell speaks of: its indexes, and the values that it can take."""
    gives = atom.relation.gives
    values = {Element(gives, k) for k in ground.domains[atom]} if issubclass(gives, Sort) else set[Element]()
    return values | set(map(Element, atom.relation.of, atom.at))


def _columns(ground: Ground, symmetry: Symmetry, c: Class) -> Columns:
    all_moved = {element for other in symmetry.classes for block in other.blocks for element in block}
    first = set(c.blocks[0])
    column = [a for a in ground.changing if (about := _about(ground, a) & all_moved) and about <= first]
    parts: list[list[Atom]] = []
    for atom in column:
        if not parts or sum(map(ground.width, parts[-1])) + ground.width(atom) > WORD:
            parts.append([])
        parts[-1].append(atom)
    return [[_at(c, i, part) for i in range(len(c.blocks))] for part in parts]


def _at(c: Class, block: int, part: Sequence[Atom]) -> tuple[Atom, ...]:
    """What is said of the first block, said of another."""
    return tuple(reduce(lambda atom, swap: image(swap, atom), c.swaps[:block], atom) for atom in part)


def _compared(function: Function, ground: Ground, words: list[str], parts: Columns, i: int) -> tuple[str, str]:
    """Two i1: the column of block `i` is larger than that of the next; they are the same."""
    larger, same = "false", "true"
    for part in reversed(parts):
        one, other = (_bits(function, ground, words, part[k]) for k in (i, i + 1))
        this_larger, this_same = (function.op(f"icmp {test} i64 {one}, {other}") for test in ("ugt", "eq"))
        larger = function.op(f"select i1 {this_same}, i1 {larger}, i1 {this_larger}")
        same = function.op(f"and i1 {this_same}, {same}")
    return larger, same


def _bits(function: Function, ground: Ground, words: list[str], group: tuple[Atom, ...]) -> str:
    place, width = ground.layout[group[0]], sum(map(ground.width, group))
    moved = function.op(f"lshr i64 {words[place.word]}, {place.shift}")
    return function.op(f"and i64 {moved}, {signed((1 << width) - 1)}")


def _exchanged(function: Function, ground: Ground, words: list[str], swap: Exchange, where: str) -> list[str]:
    """The words after the swap, if the i1 `where` holds.

    Bits that change places over the same distance do so together: the difference of the two, under a mask, is put
    over both.
    """
    pairs: dict[tuple[int, int, int], int] = defaultdict(int)
    renamed: list[Atom] = []
    for atom in ground.layout:
        if any(value(swap, atom, k) != k for k in ground.domains[atom]):
            renamed.append(atom)
        elif (other := image(swap, atom)) != atom:
            here, there = ground.layout[atom], ground.layout[other]
            if here < there:
                pairs[here.word, there.word, there.shift - here.shift] |= ((1 << here.width) - 1) << here.shift
    test = function.op(f"sext i1 {where} to i64")
    after = list(words)
    for (low, high, distance), bits in pairs.items():
        direction, back = ("lshr", "shl") if distance >= 0 else ("shl", "lshr")
        brought = function.op(f"{direction} i64 {words[high]}, {abs(distance)}")
        differs = function.op(f"xor i64 {words[low]}, {brought}")
        mask = function.op(f"and i64 {test}, {signed(bits)}")
        masked = function.op(f"and i64 {differs}, {mask}")
        after[low] = function.op(f"xor i64 {after[low]}, {masked}")
        after[high] = function.op(f"xor i64 {after[high]}, {function.op(f'{back} i64 {masked}, {abs(distance)}')}")
    for atom in renamed:
        old, given = (_bits(function, ground, words, (a,)) for a in (atom, image(swap, atom)))
        new = given
        for k in sorted(ground.domains[image(swap, atom)]):
            if (other_k := value(swap, atom, k)) != k:
                new = function.op(f"select i1 {function.op(f'icmp eq i64 {given}, {k}')}, i64 {other_k}, i64 {new}")
        differs = function.op(f"and i64 {test}, {function.op(f'xor i64 {old}, {new}')}")
        word, shift, _ = ground.layout[atom]
        after[word] = function.op(f"xor i64 {after[word]}, {function.op(f'shl i64 {differs}, {shift}')}")
    return after
