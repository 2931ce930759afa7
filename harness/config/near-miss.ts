/** Of the known words the one the given word was probably meant to be, or undefined. */
export function nearMiss(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(1, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** Letters put in, taken away, changed, or swapped with their neighbour. */
function editDistance(a: string, b: string): number {
  let beforePrevious: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 0; row < a.length; row++) {
    const current = [row + 1];
    for (let column = 0; column < b.length; column++) {
      const change = previous[column]! + (a[row] === b[column] ? 0 : 1);
      const isSwap = column > 0 && a[row] === b[column - 1] && a[row - 1] === b[column];
      const swap = isSwap ? (beforePrevious[column - 1] ?? Infinity) + 1 : Infinity;
      current.push(Math.min(change, previous[column + 1]! + 1, current[column]! + 1, swap));
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}
