/** A pad's rating room on a line to a real hall that can be cut, and a system that asks there; all can be restarted. */
import { rmSync } from 'node:fs'
import { HallQuestionStore } from '../../../device/rating/hall-question-store.ts'
import { hallQuestions } from '../../../device/rating/hall-questions.ts'
import { Pad } from '../../../device/rating/pad.ts'
import { QuestionStore } from '../../../device/rating/question-store.ts'
import { sealForRating } from '../../../device/rating/sealing.ts'
import { openStore } from '../../../device/store/store.ts'
import { type EventLine, startEventLine } from '../../../sync/event-line.ts'
import { createHallClient, type HallClient } from '../../../sync/hall-client.ts'
import { type Identity, loadIdentity } from '../../../sync/identity.ts'
import { openOutbox } from '../../../sync/outbox.ts'
import { newFolder, startTestHall, type TestHall } from '../../sync/hall/helpers.ts'
import { type AskingSystem, newToken, systemAt } from '../../sync/hall/support/evaluations.ts'
import { until } from '../../sync/support/until.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

/** However long this machine stands still: what comes too late is told by tests that want it so. */
const PATIENT_MS = 60_000

/** Back at once, and all at the same pace. */
const HURRY = (): number => 0.01

export interface RunningPad {
  pad: Pad
  line: EventLine
  troubles: unknown[]
  /** What the hall has answered to this pad's words, in order. */
  heard: string[]
  /** How often it has begun to say something. */
  said(): number
  facts(type: string): number
  close(): Promise<void>
}

export interface PadOnALine {
  readonly hall: TestHall
  readonly running: RunningPad
  readonly deviceId: string
  proxy: TcpProxy
  system: AskingSystem
  /** What the pad says is held back on its way to the hall, or the hall's word on its way to the pad, until mended. */
  slow(where: 'there' | 'back'): () => void
  /** By a pad that stops the moment the hall has heard its yes; the pad of this room is closed meanwhile. */
  takenAndLost(body: object): Promise<string>
  /** As after a cut of the power: nothing is told to anybody before. */
  restartPad(): Promise<void>
  restartHall(): Promise<void>
  /** Until the line stands, and whatever lay at the hall has come down it. */
  lineUp(): Promise<void>
  stateOf(id: string): Promise<unknown>
  close(): Promise<void>
}

export async function padOnALine({
  takenWithinMs = PATIENT_MS,
  heldAtMostMs = PATIENT_MS,
} = {}): Promise<PadOnALine> {
  let hall = await startTestHall({ takenWithinMs })
  const { dataDir } = hall
  const proxy = await startTcpProxy(Number(new URL(hall.hall.url).port))
  const listen = new URL(hall.hall.url).host
  const folder = newFolder()
  const token = await newToken(dataDir)
  const first = loadIdentity(folder)
  const joined = await createHallClient({ url: hall.hall.url, identity: first }).enrol({
    enrolmentCode: hall.hall.createEnrolmentCode(),
    role: 'pad',
    name: '12号窗口',
    window: '12',
    software: '0',
  })
  if (!joined.ok) throw new Error(`the pad could not enrol: ${JSON.stringify(joined)}`)
  const url = `http://127.0.0.1:${proxy.port}`
  const gates: Gates = { there: null, back: null, heldAtMostMs }
  let running = openRunning(folder, url, gates)

  return {
    get hall() {
      return hall
    },
    get running() {
      return running
    },
    deviceId: joined.value.deviceId,
    proxy,
    system: systemAt(hall, token),
    slow(where) {
      const { promise, resolve } = Promise.withResolvers<void>()
      gates[where] = promise
      return () => {
        gates[where] = null
        resolve()
      }
    },
    async takenAndLost(body) {
      await running.close()
      const client = createHallClient({ url, identity: loadIdentity(folder) })
      const line = openLine(client, joined.value.deviceId)
      line.onEvaluation(({ id }) => void client.answerEvaluation(id, 'waiting'))
      const asked = await systemAt(hall, token).ask(body)
      await line.close()
      return String(asked.json.id)
    },
    async restartPad() {
      await running.close()
      running = openRunning(folder, url, gates)
    },
    async restartHall() {
      const { clock } = hall
      await hall.hall.close()
      hall = { ...(await startTestHall({ takenWithinMs, dataDir, listen, clock: clock.now })), clock }
    },
    async lineUp() {
      await until(() => running.line.status().line === 'up')
    },
    async stateOf(id) {
      return (await systemAt(hall, token).get(id)).json.state
    },
    async close() {
      await running.close()
      await proxy.close()
      await hall.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Gates {
  there: Promise<void> | null
  back: Promise<void> | null
  heldAtMostMs: number
}

function openLine(line: HallClient, deviceId: string, onTrouble?: (error: unknown) => void): EventLine {
  const uplink = { lineReturned: () => {}, lineLost: () => {} }
  return startEventLine({ line, deviceId, uplink, random: HURRY, ...(onTrouble && { onTrouble }) })
}

function openRunning(folder: string, url: string, gates: Gates): RunningPad {
  const identity: Identity = loadIdentity(folder)
  const db = openStore(folder)
  const outbox = openOutbox({ db, identity })
  const client = createHallClient({ url, identity })
  const troubles: unknown[] = []
  const heard: string[] = []
  let said = 0
  const onTrouble = (error: unknown): number => troubles.push(error)
  const questions = new QuestionStore(db, outbox.append)
  const pad: Pad = new Pad({
    store: questions,
    sealText: (text) => sealForRating(identity, { text }),
    dictionaries: () => [],
    hasPanel: true,
    clock: () => ({ synchronized: true, offsetMs: 0 }),
    onPage: () => {},
    onNews: (news) => fromHall.news(news),
    onLeft: () => {},
    onTrouble,
  })
  const fromHall = hallQuestions({
    pad,
    store: new HallQuestionStore(db),
    isLeftOver: (id) => questions.leftOver().some((question) => question.id === id),
    async answer(id, state, bounds) {
      said += 1
      await gates.there
      const result = await client.answerEvaluation(id, state, bounds)
      await gates.back
      if (result.ok) heard.push(`${state}: ${result.value.state}`)
      return result
    },
    window: '12',
    random: HURRY,
    heldAtMostMs: gates.heldAtMostMs,
    onTrouble,
  })
  pad.recover()
  const line = openLine(client, identity.deviceId ?? '', onTrouble)
  line.onEvaluation(fromHall.offered)
  line.onEvaluationCancelled(fromHall.cancelled)
  line.onChange((status) => {
    if (status.line === 'up') fromHall.lineReturned()
  })
  return {
    pad,
    line,
    troubles,
    heard,
    said: () => said,
    facts: (type) =>
      Number(
        db
          .prepare('SELECT count(*) FROM outbox_events WHERE text LIKE ?')
          .pluck()
          .get(`%cn.window24.${type}.v1%`),
      ),
    async close() {
      await Promise.all([line.close(), fromHall.close()])
      pad.close()
      outbox.close()
      db.close()
    },
  }
}
