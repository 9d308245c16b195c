/** `window24 hall export`: what came in, for a spreadsheet or another program. */
import { BYTE_ORDER_MARK } from '../export/csv.ts'
import { type DayRange, dayRange } from '../export/day-range.ts'
import { writeLines } from '../export/output.ts'
import { ratingLine, ratingsHeading } from '../export/ratings-csv.ts'
import type { Store } from '../store/store.ts'
import { DONE, defineCommand, FAULT_FOUND, WrongUse } from './command.ts'
import { withStore } from './open.ts'

export const exportEvents = defineCommand({
  help: `  window24 hall export --from DAY --to DAY --format csv|jsonl --data DIR
      the records of these days, both included, by China's time as each device gave it; device by device, in order
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
      const tally = { unreadable: 0 }
      const lines = format === 'csv' ? csvLines(store, range, tally) : jsonLines(store, range)
      if ((await writeLines(lines, process.stdout)) === 'cut' || tally.unreadable === 0) return DONE
      process.stderr.write(
        `window24 hall: ${tally.unreadable} records could not be read and were left out: see "window24 hall verify"\n`,
      )
      return FAULT_FOUND
    })
  },
})

type Days = Extract<DayRange, { ok: true }>

async function* jsonLines(store: Store, { from, to }: Days): AsyncIterable<string> {
  for await (const { text } of store.eventsBetween(from, to)) yield `${text}\n`
}

async function* csvLines(
  store: Store,
  { from, to }: Days,
  tally: { unreadable: number },
): AsyncIterable<string> {
  const names = new Map((await store.devices()).map(({ deviceId, name }) => [deviceId, name]))
  yield BYTE_ORDER_MARK + ratingsHeading
  for await (const event of store.eventsBetween(from, to)) {
    const line = ratingLine(event, names.get(event.deviceId) ?? '')
    if (line === 'unreadable') tally.unreadable += 1
    else if (line !== 'other-type') yield line.line
  }
}
