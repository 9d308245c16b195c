/** What benches share: percentiles, and a table that a person reads. */

/** @param p from 0 to 1 */
export function percentile(times: readonly number[], p: number): number {
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN
}

export function table(rows: readonly Record<string, string | number>[]): void {
  const [first = {}] = rows
  const names = Object.keys(first)
  const widths = names.map((name) => Math.max(name.length, ...rows.map((row) => String(row[name]).length)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  ')
  console.log(line(names))
  for (const row of rows) console.log(line(names.map((name) => String(row[name]))))
  console.log()
}
