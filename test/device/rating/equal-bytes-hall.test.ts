/**
 * What a question that is asked through the hall leaves on the asking system's side, byte for byte: the hall's answers,
 * what goes over the line between the hall and its pad, and what either writes into its log. It is answered with each
 * of the five levels, and nothing tells which it was.
 */
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Level, PadState } from '../../../device/http/contract.ts'
import { until } from '../../drivers/support.ts'
import { startTestHall } from '../../sync/hall/helpers.ts'
import { newToken, SERVICE } from '../../sync/hall/support/evaluations.ts'
import { type HeldThanks, holdThanks } from '../support/brief-thanks.ts'
import { type Answered, seenOfEach, timeless } from '../support/five-answers.ts'
import { startTestDevice, temporaryFolder } from '../support/house.ts'
import { faceless, jsonOf, type RawServer, rawServer } from '../support/raw-http.ts'
import { openPad, type TestScreen } from '../support/screen.ts'
import { type Exchange, startWiretap, type Wiretap } from '../support/wiretap.ts'

/** Whoever waits for a pad waits as long as this machine stands still. */
const PATIENT_MS = 60_000

const PERSON = { type: '1', name: '林晚舟', idType: '111', idNumber: '330099198803120028', phone: null }

const EVALUATIONS = '/v1/evaluations'

/** What one journey asks of the hall, by the system and by the pad: until its end is told, and with what follows. */
const REQUESTS_TO_THE_END = 11
const REQUESTS = 14

const parts = new AsyncDisposableStack()
const hallLog: string[] = []
const padLog: string[] = []
const keeping = (lines: string[]) =>
  pino({ level: 'trace', base: null }, { write: (line) => void lines.push(line) })

let thanks: HeldThanks
let wire: Wiretap
let system: RawServer
let screen: TestScreen<PadState>
let asked = 0

beforeAll(async () => {
  thanks = holdThanks()
  parts.defer(() => thanks.letGo())
  const hall = await startTestHall({ takenWithinMs: PATIENT_MS, logger: keeping(hallLog) })
  parts.defer(() => hall.close())
  wire = await startWiretap(Number(new URL(hall.hall.url).port))
  parts.defer(() => wire.close())
  const device = await startTestDevice({
    role: 'pad',
    hallUrl: `http://127.0.0.1:${wire.port}`,
    enrolmentCode: hall.hall.createEnrolmentCode(),
    dataDir: await temporaryFolder(parts),
    more: { logger: keeping(padLog) },
  })
  parts.defer(() => device.close())
  screen = await openPad(device.screenUrl)
  parts.defer(() => screen.close())
  system = rawServer(hall.hall.url, await newToken(hall.dataDir))
  await screen.until(({ view, line }) => view.name === 'rest' && line.online && line.backlog === 0)
})
afterAll(() => parts.disposeAsync())

/** One question from its asking to the pad's rest, with everything that its asker can do meanwhile. */
async function journey(level: Level, { labels, words, anonymous }: Omit<Answered, 'by'>) {
  asked += 1
  wire.heard()
  const [hallBefore, padBefore] = [hallLog.length, padLog.length]
  const about = { ...SERVICE, caseNo: `YX20261100${String(asked).padStart(4, '0')}`, user: PERSON }
  const answers: string[] = []
  const also = async (method: string, path: string, body?: object): Promise<string> => {
    const answer = await system.ask(method, path, body)
    answers.push(faceless(answer))
    return answer
  }
  const requests = () => timeless(hallLog.slice(hallBefore)).filter((line) => !isByTheClock(line))

  const evaluationId = String(jsonOf(await also('POST', EVALUATIONS, about)).id)
  const look = () => also('GET', `${EVALUATIONS}/${evaluationId}`)
  await screen.until(({ view }) => view.name === 'asking' && view.evaluationId === evaluationId)
  await look()
  await screen.act({ type: 'choose-level', evaluationId, level })
  const { view } = await screen.untilView('labels')
  const codes = view.labels.slice(0, labels).map(({ code }) => code)
  await screen.act({ type: 'set-labels', evaluationId, labels: codes })
  await screen.act({ type: 'set-anonymous', evaluationId, anonymous })
  await look()
  await also('DELETE', `${EVALUATIONS}/${evaluationId}`)
  await also('POST', EVALUATIONS, { ...about, caseNo: 'YX202611009999' })
  await also('POST', EVALUATIONS, about)
  await screen.act({ type: 'finish', evaluationId, labels: codes, comment: words === '' ? null : words })
  // The rating is at the hall, whole, and whoever asked is told nothing as long as the citizen is thanked.
  await screen.until(({ line, view: { name } }) => name === 'thanks' && line.backlog === 0)
  await look()
  thanks.pass()
  await until('the hall knows of its end', () => requests().length >= REQUESTS_TO_THE_END, PATIENT_MS)
  await look()
  await also('POST', EVALUATIONS, about)
  await screen.untilView('already-rated')
  await until('all has been written down', () => requests().length >= REQUESTS, PATIENT_MS)
  await until('the pad has its last answer', () => wire.isAnswered(), PATIENT_MS)

  const exchanges = wire.heard()
  return {
    answers,
    line: lineTold(exchanges),
    padSaid: exchanges.filter(({ up }) => headOf(up).includes('/evaluations/')).map(written),
    batches: exchanges
      .filter(({ up }) => headOf(up).includes(' /v1/batches '))
      .map(({ up, down }) => ({ up: up.byteLength, down: down.byteLength })),
    // Of two answers at the same moment either may be written down first.
    hallLog: requests()
      .map((line) => JSON.stringify(line))
      .toSorted(),
    padLog: timeless(padLog.slice(padBefore)),
  }
}

/** When a pad says how it is, and asks what is new, goes by the clock. */
const BY_THE_CLOCK = /^\/v1\/(?:devices\/:id\/(?:status|settings)|content(?:\/:sha256)?|time)$/

const isByTheClock = (line: object): boolean => 'route' in line && BY_THE_CLOCK.test(String(line.route))

const headOf = (bytes: Buffer): string => bytes.toString('latin1', 0, 128).split('\r\n', 1)[0] ?? ''

/** What came down the open line, block by block, without signs of life; what was told again counts once. */
const lineTold = (exchanges: readonly Exchange[]): string[] => {
  const down = exchanges
    .filter(({ asked }) => headOf(asked).includes('/events'))
    .map((one) => one.down.toString())
  const blocks = down.join('').match(/^[0-9a-f]+\r\nevent: \S+\ndata: .*\n\n\r\n/gm) ?? []
  return [...new Set(blocks)].map(sealedAway)
}

/** Both sides of an exchange, without what is signed anew each time. */
const written = ({ up, down }: Exchange): [string, string] => [
  faceless(up.toString())
    .replace(/(?<=signature: w24=:)[^:]{88}/i, '<signature>')
    .replace(/(?<=created=)\d{10}/, '<time>'),
  faceless(down.toString()),
]

/** What is sealed is as long as before, and else another each time; so is a case's number. */
const sealedAway = (text: string): string =>
  faceless(text)
    .replaceAll(/eyJ[\w.-]+/g, (sealed) => `<sealed: ${sealed.length}>`)
    .replaceAll(/YX\d{12}/g, '<case>')

it.each<[string, Omit<Answered, 'by'>]>([
  ['with two labels and words', { labels: 2, words: '等了一会儿', anonymous: false }],
  ['with nothing added', { labels: 0, words: '', anonymous: false }],
  ['without a name', { labels: 1, words: '', anonymous: true }],
])('an answer %s that was asked for through the hall is the same on every wire', async (_how, answered) => {
  const seen = await seenOfEach((level) => journey(level, answered))
  // All of it was really listened to: asked, refused in between, one rating, and its end.
  expect(seen.answers.map((answer) => answer.split(' ')[1])).toEqual(
    '201 200 200 204 409 200 200 200 409'.split(' '),
  )
  expect(seen.answers[6]).toContain('"state":"waiting"')
  expect(seen.answers[7]).toContain('"state":"rated"')
  expect(seen.line.map((block) => /event: (\S+)/.exec(block)?.[1])).toEqual(
    'evaluation evaluation-cancelled evaluation evaluation'.split(' '),
  )
  expect(seen.padSaid.map(([up]) => /"state":"([a-z-]+)"/.exec(up)?.[1])).toEqual(
    'waiting busy rated already-rated'.split(' '),
  )
  expect(seen.batches).toHaveLength(1)
  expect(seen.hallLog).toHaveLength(REQUESTS)
})
