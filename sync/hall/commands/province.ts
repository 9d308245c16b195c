/** `window24 hall province`: what has been reported to the province, what waits, and what needs a person. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readHallConfiguration } from '../configuration.ts'
import { loadContent } from '../content/content.ts'
import { HallError } from '../fault.ts'
import { CONTENT_FOLDER } from '../hall.ts'
import type { Deadlines } from '../province/deadlines.ts'
import {
  completeReason,
  type Done,
  parseReportKey,
  type ShownReport,
  sendAgain,
  shownReports,
} from '../province/desk.ts'
import { profileOf } from '../province/settings.ts'
import {
  type ReportKey,
  type ReportRow,
  type ReportState,
  reportName,
  reportStates,
} from '../store/province-queue.ts'
import type { Store } from '../store/store.ts'
import { inColumns, minute } from './columns.ts'
import { DONE, defineCommand, type SharedValues, WrongUse } from './command.ts'
import { withStore } from './open.ts'

/** The reported ones and those that go by themselves are many and need nobody. */
const SHOWN: readonly ReportState[] = ['refused', 'refused-duplicate', 'reason-pending']

/** Set in columns and printed together: a backlog is no table to hold in memory. */
const PAGE_ROWS = 200

interface Values {
  state?: string | undefined
  json?: boolean | undefined
  labels?: string | undefined
  'words-from'?: string | undefined
}

export const province = defineCommand({
  help: `  window24 hall province --data DIR [--state STATE] [--json]
      how many ratings are ${reportStates.join(', ')};
      and each that needs a person, with its reason and its days
      --state    those of one state, such as waiting or reported
      --json     one line of JSON each
  window24 hall province retry DEVICE/EPOCH/SEQUENCE --data DIR
      sends a refused one again, after what was wrong has been mended
  window24 hall province reason DEVICE/EPOCH/SEQUENCE --data DIR --labels 207,214 [--words-from FILE]
      what the call back has brought for a bad rating without a reason; it is sent from then on
      --labels      of the rating's own level
      --words-from  the citizen's words in a file, - for what is typed here
`,
  options: {
    state: { type: 'string' },
    json: { type: 'boolean' },
    labels: { type: 'string' },
    'words-from': { type: 'string' },
  },
  words: { min: 0, max: 2 },
  async run({ hall, values, words: [action, name] }) {
    switch (action) {
      case undefined:
        return await list(hall, values)
      case 'retry': {
        refuse(values, ['state', 'json', 'labels', 'words-from'], 'retry')
        const key = keyOf(name)
        return await withStore(hall, async (store) =>
          told(hall, await sendAgain(store.province, key, new Date())),
        )
      }
      case 'reason': {
        refuse(values, ['state', 'json'], 'reason')
        const key = keyOf(name)
        const reason = { labels: labelsIn(values.labels), words: wordsIn(values['words-from']) }
        return await withStore(hall, async (store) =>
          told(hall, await completeReason(store.province, key, reason, new Date())),
        )
      }
      default:
        throw new WrongUse(`"${action}" is nothing that can be done here: retry or reason`)
    }
  },
})

async function list(hall: SharedValues, values: Values): Promise<number> {
  refuse(values, ['labels', 'words-from'], 'the list')
  const states = statesFor(values.state)
  const settings = readHallConfiguration(hall.data).configuration.province
  return await withStore(hall, async (store) => {
    const reports = shownReports(
      {
        queue: store.province,
        profile: settings === undefined ? null : profileOf(settings),
        calendars: loadContent(join(hall.data, CONTENT_FOLDER)).calendars,
        now: new Date(),
      },
      states,
    )
    if (values.json === true) for await (const report of reports) await writeOut(`${asJson(report)}\n`)
    else await printTable(store, reports, settings !== undefined)
    return DONE
  })
}

async function printTable(
  store: Store,
  reports: AsyncIterable<ShownReport>,
  connected: boolean,
): Promise<void> {
  const counts = await store.province.counts()
  const counted = reportStates.map((state) => [state, String(counts[state])])
  process.stdout.write(inColumns(counted))
  if (!connected)
    process.stdout.write('no province is set: hall.json has no section "province", so that ratings wait\n')
  let page: string[][] = []
  for await (const report of reports) {
    page.push(columns(report))
    if (page.length < PAGE_ROWS) continue
    await writeOut(`\n${inColumns([HEAD, ...page])}`)
    page = []
  }
  if (page.length > 0) await writeOut(`\n${inColumns([HEAD, ...page])}`)
}

const HEAD = ['rating', 'case', 'service', 'state', 'tried', 'received', 'why']

/** Waits for whoever reads it: a pipe that nobody empties would be kept in memory. */
async function writeOut(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

function columns({ row, deadlines, behind }: ShownReport): string[] {
  return [
    reportName(row),
    row.caseNo,
    row.assessNumber === 1 ? String(row.serviceNumber) : `${row.serviceNumber}, follow-up`,
    row.state,
    String(row.attempts),
    minute(new Date(row.receivedAt)),
    deadlines === null ? why(row, behind) : days(deadlines),
  ]
}

function why(row: ReportRow, behind: ReportRow | null): string {
  if (behind !== null) return `waits behind ${reportName(behind)}, which is ${behind.state}`
  return row.reason ?? (row.acceptanceAssumed === 0 ? '' : ASSUMED)
}

/** The case system had not told it when the service was reported. */
const ASSUMED = 'acceptance told as the time of asking'

function days({ callBack, putRight }: Deadlines): string {
  const by = (what: string, { due, overdue }: Deadlines['callBack']): string =>
    `${what} by ${due}${overdue ? ' (overdue)' : ''}`
  return `${by('call back', callBack)}, ${by('put right', putRight)}`
}

function asJson({ row, deadlines, behind }: ShownReport): string {
  const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
  return JSON.stringify({
    rating: reportName(row),
    caseNo: row.caseNo,
    serviceNumber: row.serviceNumber,
    assessNumber: row.assessNumber,
    state: row.state,
    reason: row.reason,
    attempts: row.attempts,
    receivedAt: instant(row.receivedAt),
    settledAt: instant(row.settledAt),
    acceptanceAssumed: row.acceptanceAssumed !== 0,
    behind: behind === null ? null : reportName(behind),
    outcomeOpenSince: instant(row.firstTriedAt),
    deadlines,
  })
}

function statesFor(state: string | undefined): readonly ReportState[] {
  if (state === undefined) return SHOWN
  const found = reportStates.find((candidate) => candidate === state)
  if (found === undefined) throw new WrongUse(`--state is one of ${reportStates.join(', ')}`)
  return [found]
}

function keyOf(name: string | undefined): ReportKey {
  const key = parseReportKey(name ?? '')
  if (key === null) throw new WrongUse('which rating? Give its DEVICE/EPOCH/SEQUENCE, as the list has it')
  return key
}

function labelsIn(labels: string | undefined): string[] {
  return (labels ?? '').split(',').flatMap((label) => (label.trim() === '' ? [] : [label.trim()]))
}

const STANDARD_INPUT = 0

/** From a file or what is typed: a command's own words can be read by everybody on the machine. */
function wordsIn(file: string | undefined): string | null {
  if (file === undefined) return null
  try {
    const words = readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8').trim()
    return words === '' ? null : words
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new WrongUse(`--words-from: this file cannot be read (${code})`)
  }
}

function refuse(values: Values, names: readonly (keyof Values)[], action: string): void {
  const given = names.find((name) => values[name] !== undefined)
  if (given !== undefined) throw new WrongUse(`--${given} has nothing to do with ${action}`)
}

function told(hall: SharedValues, done: Done): number {
  if (!done.ok) throw new HallError(done.code, done.detail)
  const { behind } = done
  const connected = readHallConfiguration(hall.data).configuration.province !== undefined
  const when =
    behind !== null
      ? `once ${reportName(behind)} of the same case, which is ${behind.state}, has been settled`
      : connected
        ? 'as soon as the server runs and the province answers'
        : 'once hall.json has a section "province": no province is set'
  process.stdout.write(`it is sent ${when}\n`)
  return DONE
}
