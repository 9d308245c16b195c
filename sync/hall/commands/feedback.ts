/** `window24 hall feedback`: what citizens have left at the terminals, and by when each wants an answer. */
import { join } from 'node:path'
import { readFeedbackCode, spacedCode } from '../../protocol/feedback-code.ts'
import { feedbackKindWords, groundWords, reasonWords } from '../../protocol/feedback-words.ts'
import { callBackBy } from '../../protocol/report-limits.ts'
import { hallDate } from '../case-system/hall-time.ts'
import { loadContent } from '../content/content.ts'
import { writeLines } from '../export/output.ts'
import { closedFeedback, feedbackKey, noteClosed } from '../feedback/closed.ts'
import { allFeedback, type Feedback, type Revealed, revealed } from '../feedback/feedback.ts'
import { CONTENT_FOLDER } from '../hall.ts'
import { loadSealingKeys, SEALING_KEYS_FILE } from '../sealing-keys.ts'
import type { Store } from '../store/store.ts'
import { inColumns, minute } from './columns.ts'
import { DONE, defineCommand, FAULT_FOUND, WrongUse } from './command.ts'
import { withStore } from './open.ts'

const HEADING = ['code', 'answer by', '', 'kind', 'ground', 'about', 'kept', 'device']

export const feedback = defineCommand({
  help: `  window24 hall feedback [list] --data DIR [--all] [--json] [--reveal [--sealing-keys F]]
      what citizens have left at the terminals and nobody has closed, the soonest answer first. A complaint's window,
      item and words are sealed for the complaint handler
      --all      closed ones too
      --json     one JSON line each
      --reveal   with the sealing keys: what was said, and by whom; on this screen only, kept nowhere
  window24 hall feedback close CODE --data DIR
      it has been dealt with; says by when a report's citizen is called back
`,
  options: {
    all: { type: 'boolean' },
    json: { type: 'boolean' },
    reveal: { type: 'boolean' },
    'sealing-keys': { type: 'string' },
  },
  words: { min: 0, max: 2 },
  async run({ hall, values, words: [what = 'list', code] }) {
    if (what === 'close') {
      if (code === undefined) throw new WrongUse('close CODE: the code on the citizen’s slip is missing')
      return await withStore(hall, (store) => close(store, hall.data, code, new Date()))
    }
    if (what !== 'list' || code !== undefined)
      throw new WrongUse(`feedback can list and close, not "${[what, code ?? ''].join(' ').trim()}"`)
    const { all = false, json = false, reveal = false } = values
    const path = values['sealing-keys'] ?? join(hall.data, SEALING_KEYS_FILE)
    const keys = reveal ? loadSealingKeys(path, false, new Date()).all : null
    return await withStore(hall, async (store) => {
      const closed = closedFeedback(hall.data)
      const listed = (await allFeedback(store))
        .map((one) => ({ one, closedAt: closed.get(feedbackKey(one.deviceId, one.data.code)) ?? null }))
        .filter(({ closedAt }) => all || closedAt === null)
      if (listed.length === 0 && !json) {
        process.stdout.write('nothing is waiting for an answer\n')
        return DONE
      }
      const today = hallDate(new Date())
      if (!json && keys === null) {
        process.stdout.write(inColumns([HEADING, ...listed.map((item) => row(item, today))]))
        return DONE
      }
      await writeLines(inFull(listed, keys, today, json), process.stdout)
      return DONE
    })
  },
})

interface Listed {
  one: Feedback
  closedAt: Date | null
}

function row({ one, closedAt }: Listed, today: string): string[] {
  const { kind, deviceId, data } = one
  return [
    spacedCode(data.code),
    data.answerBy,
    closedAt !== null
      ? `closed ${minute(closedAt)}`
      : data.answerBy < today
        ? 'OVERDUE'
        : data.answerBy === today
          ? 'today'
          : '',
    feedbackKindWords[kind],
    groundWords[groundOf(one)],
    aboutOf(one),
    minute(new Date(data.keptAt)),
    deviceId,
  ]
}

const groundOf = (one: Feedback) => (one.kind === 'request' ? one.data.kind : one.data.ground)

/** What stands in the clear. */
function aboutOf(one: Feedback): string {
  switch (one.kind) {
    case 'report': {
      const { item, place } = one.data
      const window = place?.window ?? null
      return plain([item?.itemName, place?.office, window === null ? null : `${window}号窗口`])
    }
    case 'complaint':
      return one.data.named ? '署名' : '匿名'
    case 'request': {
      const { item, slot } = one.data
      return plain([item?.itemName, slot === null ? null : `${slot.day} ${slot.opens}–${slot.closes}`])
    }
  }
}

/** What a device wrote is no command for whoever's terminal shows it. */
function plain(parts: readonly (string | null | undefined)[]): string {
  return parts
    .filter((part) => part !== null && part !== undefined && part !== '')
    .join(' ')
    .replaceAll(/\p{C}/gu, ' ')
}

async function* inFull(
  listed: readonly Listed[],
  keys: Parameters<typeof revealed>[1] | null,
  today: string,
  json: boolean,
): AsyncIterable<string> {
  for (const item of listed) {
    const opened = keys === null ? null : await revealed(item.one, keys)
    yield json ? `${JSON.stringify(asJson(item, opened))}\n` : inWords(item, opened, today)
  }
}

function asJson({ one, closedAt }: Listed, opened: Revealed | null): object {
  const { kind, deviceId, data } = one
  const { said: _said, user: _user, clock: _clock, ...clear } = data
  return { type: kind, device: deviceId, ...clear, closedAt, ...(opened ?? {}) }
}

function inWords(item: Listed, opened: Revealed | null, today: string): string {
  const lines = [
    row(item, today)
      .filter((cell) => cell !== '')
      .join('  '),
  ]
  if (opened !== null) {
    const { said, user, faults } = opened
    const place = said?.place ?? null
    const told: [string, string][] = [
      ['事项', plain([said?.item?.itemName])],
      [
        '地点',
        plain([place?.office, place === null || place.window === null ? null : `${place.window}号窗口`]),
      ],
      ['日期', plain([said?.day])],
      ['说明', (said?.reasons ?? []).map((reason) => reasonWords[reason]).join('；')],
      ['原话', plain([said?.words])],
      ['姓名', plain([user?.name])],
      ['证件', plain([user?.idNumber])],
      ['电话', plain([user?.phone])],
    ]
    lines.push(...told.filter(([, text]) => text !== '').map(([label, text]) => `  ${label}  ${text}`))
    lines.push(...faults.map((fault) => `  a sealed part could not be opened: ${fault}`))
  }
  return `${lines.join('\n')}\n`
}

async function close(store: Store, dataDir: string, text: string, now: Date): Promise<number> {
  const code = readFeedbackCode(text)
  if (code === null)
    throw new WrongUse(`"${text}" is no code of a slip: eight letters and digits, the last one checks`)
  const closed = closedFeedback(dataDir)
  const found = (await allFeedback(store)).filter(({ data }) => data.code === code)
  if (found.length === 0) {
    process.stderr.write(`window24 hall: no device has sent anything with the code ${spacedCode(code)} yet\n`)
    return FAULT_FOUND
  }
  for (const one of found) {
    const { deviceId, kind } = one
    const before = closed.get(feedbackKey(deviceId, code))
    if (before !== undefined) {
      process.stdout.write(`${spacedCode(code)} was closed ${minute(before)}\n`)
      continue
    }
    noteClosed(dataDir, deviceId, code, now)
    process.stdout.write(
      `${spacedCode(code)} is closed${kind === 'report' ? callBackWords(dataDir, now) : ''}\n`,
    )
  }
  return DONE
}

/** DOMAIN.md §3.2: within one working day after closing, with the citizen's satisfaction. */
function callBackWords(dataDir: string, now: Date): string {
  const { calendars } = loadContent(join(dataDir, CONTENT_FOLDER))
  return `; call back by ${callBackBy(hallDate(now), calendars).day}, and ask whether the citizen is satisfied`
}
