/** What a run came to, as a table, and whether it stands. */
import { type Findings, inWords, isClean } from './findings.ts'

export interface Counts {
  copies: number
  kills: number
  acknowledged: number
  lost: number
  doubled: number
  chain: number
  other: number
}

/** More than a reader reads; the count tells the rest. */
const TOLD = 20

export class Tally {
  readonly #rows = new Map<string, Counts>()
  readonly faults: string[] = []

  row(name: string): Counts {
    const row = this.#rows.get(name) ?? {
      copies: 0,
      kills: 0,
      acknowledged: 0,
      lost: 0,
      doubled: 0,
      chain: 0,
      other: 0,
    }
    this.#rows.set(name, row)
    return row
  }

  /** @param where how to have it again: what was run, with its seed */
  add(name: string, kind: 'copies' | 'kills', findings: Findings, where: string): void {
    const row = this.row(name)
    row[kind] += 1
    row.acknowledged += findings.acknowledged
    row.lost += findings.lost.length
    row.doubled += findings.doubled.length
    row.chain += findings.chain.length
    row.other += findings.other.length
    if (!isClean(findings)) this.faults.push(`${name}, ${where}: ${inWords(findings).slice(0, 3).join('; ')}`)
  }

  /** A run that broke off. */
  fail(name: string, why: string): void {
    this.row(name).other += 1
    this.faults.push(`${name}: ${why}`)
  }

  /** Counts into this one, under one name and with the seed that has it again. */
  under(name: string, seed: number): Pick<Tally, 'add'> {
    return {
      add: (_name, kind, findings, where) => this.add(name, kind, findings, `--seed ${seed}, ${where}`),
    }
  }

  get clean(): boolean {
    return this.faults.length === 0
  }

  total(): Counts {
    const sum = new Tally().row('total')
    for (const row of this.#rows.values())
      for (const name of Object.keys(sum) as (keyof Counts)[]) sum[name] += row[name]
    return sum
  }

  table(): string {
    const names = ['copies', 'kills', 'acknowledged', 'lost', 'doubled', 'chain', 'other'] as const
    const line = (first: string, cells: readonly (string | number)[]): string =>
      first.padEnd(28) + cells.map((cell) => String(cell).padStart(13)).join('')
    const rows = [...this.#rows, ['all', this.total()] as const]
    const told = this.faults.slice(0, TOLD)
    const rest = this.faults.length > TOLD ? [`and ${this.faults.length - TOLD} more`] : []
    return [
      line('', names),
      ...rows.map(([name, row]) =>
        line(
          name,
          names.map((one) => row[one]),
        ),
      ),
      ...told,
      ...rest,
    ].join('\n')
  }
}
