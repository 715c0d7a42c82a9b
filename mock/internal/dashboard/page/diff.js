// Compares two texts line by line.

/** Pairs of lines: [of the first text, of the second], with null for a line that the other text lacks. */
export function pairs(first, second) {
  const a = first.split("\n"), b = second.split("\n");
  const common = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0)); // lines that a[i…] and b[j…] share
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const list = [];
  let onlyA = [], onlyB = [];
  const flush = () => {
    for (let k = 0; k < Math.max(onlyA.length, onlyB.length); k++) list.push([onlyA[k] ?? null, onlyB[k] ?? null]);
    onlyA = [];
    onlyB = [];
  };
  let i = 0, j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      flush();
      list.push([a[i++], b[j++]]);
    } else if (common[i + 1][j] >= common[i][j + 1]) {
      onlyA.push(a[i++]);
    } else {
      onlyB.push(b[j++]);
    }
  }
  onlyA.push(...a.slice(i));
  onlyB.push(...b.slice(j));
  flush();
  return list;
}

/** A line in three parts: what it shares with another at its beginning, what differs, and what it shares at its end. */
export function parts(line, other) {
  let start = 0;
  while (start < Math.min(line.length, other.length) && line[start] === other[start]) start++;
  let end = 0;
  while (end < Math.min(line.length, other.length) - start && line.at(-1 - end) === other.at(-1 - end)) end++;
  return [line.slice(0, start), line.slice(start, line.length - end), line.slice(line.length - end)];
}
