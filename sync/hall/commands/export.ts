/** `window24 hall export`: what came in, for a spreadsheet or another program. */
import { BYTE_ORDER_MARK } from '../export/csv.ts'
import { dayRange, isWithin, type Range } from '../export/day-range.ts'
import { writeLines } from '../export/output.ts'
import { ratingLine, ratingsHeading } from '../export/ratings-csv.ts'
import type { Store } from '../store/store.ts'
import { DONE, defineCommand, FAULT_FOUND, WrongUse } from './command.ts'
import { withStore } from './open.ts'

export const exportEvents = defineCommand({
  help: `  window24 hall export --from DAY --to DAY --format csv|jsonl --data DIR
      the records of these days, both included, by China's time as each device gave it; device by device, in order.
      How many a clock before 2020 has put into no such range is said
      csv     ratings and questions that went unanswered, for a spreadsheet; what is sealed is left out
      jsonl   every record of every kind, the stored text itself, one a line; what is sealed stays sealed
`,
  options: { from: { type: 'string' }, to: { type: 'string' }, format: { type: 'string' } },
  async run({ hall, values: { from, to, format } }) {
    if (from === undefined || to === undefined) throw new WrongUse('--from DAY and --to DAY are needed')
    if (format !== 'csv' && format !== 'jsonl') throw new WrongUse('--format is csv or jsonl')
    const range = dayRange(from, to)
    if (!range.ok) throw new WrongUse(range.why)
    return await withStore(hall, async (store) => {
      const tally: Tally = { unreadable: 0, wrongClock: 0 }
      const lines = format === 'csv' ? csvLines(store, range, tally) : jsonLines(store, range, tally)
      if ((await writeLines(lines, process.stdout)) === 'cut') return DONE
      if (tally.wrongClock > 0)
        process.stderr.write(
          `window24 hall: ${tally.wrongClock} records were made by a clock before 2020 and are not in these days: --from 1970-01-01 --to 2019-12-31 has them\n`,
        )
      if (tally.unreadable === 0) return DONE
      process.stderr.write(
        `window24 hall: ${tally.unreadable} records could not be read and were left out: see "window24 hall verify"\n`,
      )
      return FAULT_FOUND
    })
  },
})

interface Tally {
  unreadable: number
  wrongClock: number
}

/** All that a Date can be: the store walks every chain whole for any range. */
const EVER = [new Date(-8.64e15), new Date(8.64e15)] as const

async function* jsonLines(store: Store, range: Range, tally: Tally): AsyncIterable<string> {
  for await (const { text, time } of store.eventsBetween(...EVER)) {
    const place = time === null ? 'within' : isWithin(time, range)
    if (place === 'wrong-clock') tally.wrongClock += 1
    if (place === 'within') yield `${text}\n`
  }
}

async function* csvLines(store: Store, range: Range, tally: Tally): AsyncIterable<string> {
  const names = new Map((await store.devices()).map(({ deviceId, name }) => [deviceId, name]))
  yield BYTE_ORDER_MARK + ratingsHeading
  for await (const event of store.eventsBetween(...EVER)) {
    const line = ratingLine(event, names.get(event.deviceId) ?? '', range)
    if (line === 'unreadable') tally.unreadable += 1
    else if (line === 'wrong-clock') tally.wrongClock += 1
    else if (typeof line === 'object') yield line.line
  }
}
