// The word somebody most likely meant.

/** Of `known` the one with the fewest differing letters; "" where none is near. */
export function nearest(word, known) {
  const ranked = known.map((one) => [distance(word, one), one]).sort(([one], [other]) => one - other);
  const [best] = ranked;
  return best && best[0] > 0 && best[0] <= Math.max(1, Math.floor(word.length / 2)) ? best[1] : "";
}

/** Letters to put in, take out or exchange. */
function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[other.length];
}
