/** A device's records as the device itself opens them, its uplink, and ratings captured as the pad captures them. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Pad } from '../../../device/rating/pad.ts'
import { QuestionStore } from '../../../device/rating/question-store.ts'
import { type Question, ratingOf, type Tap } from '../../../device/rating/rules.ts'
import { sealForRating } from '../../../device/rating/sealing.ts'
import { openRecords as openDeviceRecords } from '../../../device/store/records.ts'
import { createHallClient, type HallClient } from '../../../sync/hall-client.ts'
import type { Identity } from '../../../sync/identity.ts'
import type { Outbox } from '../../../sync/outbox.ts'
import type { LevelNumber } from '../../../sync/protocol/levels.ts'
import type { Db } from '../../../sync/sqlite.ts'
import { startUplink, type Uplink } from '../../../sync/uplink.ts'

export interface Records {
  identity: Identity
  db: Db
  outbox: Outbox
  questions: QuestionStore
  /** Where the product has put a damaged store; null when it was sound. */
  setAsideIn: string | null
  /** What the product told of trouble while it went on. */
  troubles: unknown[]
  close(): void
}

/** Enough for what these little stores write at once, and little to copy. */
const SMALL_RESERVE_BYTES = 512 * 1024

/** @throws whatever the product throws where a device cannot start */
export function openRecords(folder: string, reserveBytes: number = SMALL_RESERVE_BYTES): Records {
  const troubles: unknown[] = []
  const opened = openDeviceRecords({
    dataDir: folder,
    reserveBytes,
    onTrouble: (error) => troubles.push(error),
  })
  try {
    return { ...opened, questions: new QuestionStore(opened.db, opened.outbox.append), troubles }
  } catch (error) {
    opened.close()
    throw error
  }
}

/** What the device does at every start: an answer that stood open becomes its rating. */
export function recover({ questions }: Records): void {
  const pad = new Pad({
    store: questions,
    sealText: () => Promise.reject(new Error('nobody says anything here')),
    dictionaries: () => [],
    hasPanel: true,
    clock: () => ({ synchronized: true, offsetMs: 0 }),
    onPage: () => {},
    onNews: () => {},
    onLeft: () => {},
    onTrouble: (error) => {
      throw error
    },
  })
  pad.recover()
  pad.close()
}

export interface Line {
  client: HallClient
  uplink: Uplink
  close(): Promise<void>
}

const JOIN_AGAIN_MS = 200

/**
 * @param patienceMs how long a hall may be away, or too busy, before that counts as a refusal
 * @returns the device's id. @throws Error when the hall does not take the device
 */
export async function join(client: HallClient, enrolmentCode: string, patienceMs = 0): Promise<string> {
  const facts = { role: 'pad', name: '1号窗口', window: '1', software: '0.1.0' } as const
  const end = performance.now() + patienceMs
  for (;;) {
    const joined = await client.enrol({ enrolmentCode, ...facts })
    if (joined.ok) return joined.value.deviceId
    const isRefused = joined.kind === 'problem' && joined.status !== 429 && joined.status < 500
    if (isRefused || performance.now() >= end) throw new Error(`not enrolled: ${JSON.stringify(joined)}`)
    await sleep(Math.max(JOIN_AGAIN_MS, joined.kind === 'no-answer' ? 0 : (joined.retryAfterMs ?? 0)))
  }
}

/** Joins the hall where that is still to be done, and sends. */
export async function connect(
  records: Records,
  url: string,
  enrolmentCode: string,
  patienceMs?: number,
): Promise<Line> {
  const { identity, outbox, troubles } = records
  const client = createHallClient({ url, identity })
  await join(client, enrolmentCode, patienceMs)
  const uplink = startUplink({ outbox, line: client, onTrouble: (error) => troubles.push(error) })
  return { client, uplink, close: () => uplink.close() }
}

const CLOCK = { synchronized: true, offsetMs: 0 } as const

/** The question as the window's system asks it, about a person who is nobody. */
export async function newQuestion(records: Records, caseNo: string): Promise<Question> {
  const user = await sealForRating(records.identity, {
    user: { type: '1', name: '测试', idType: '111', idNumber: '330099199001010016', phone: null },
  })
  return {
    id: crypto.randomUUID(),
    case: {
      caseNo,
      itemCode: '11330099MB0A00010R3000101010000',
      itemName: '普通护照申领',
      handleItem: null,
      serviceName: '受理',
      serviceNumber: 1,
      ticketNo: null,
    },
    assessNumber: 1,
    staff: { staffId: 'S001', window: '1' },
    user,
    proof: 'none',
    dictionary: '2019.1',
    anonymous: false,
    labels: [],
    askedAt: new Date(),
    tap: null,
  }
}

/** The citizen's touch; when it returns the next page may be shown. */
export function tapped(records: Records, question: Question, level: LevelNumber): Question & { tap: Tap } {
  const tap: Tap = { level, channel: 'pad', at: new Date(), clock: CLOCK }
  records.questions.tap(question.id, tap)
  return { ...question, tap }
}

/** 完成; when it returns thanks may be shown. */
export function finished(records: Records, question: Question & { tap: Tap }): void {
  records.questions.complete(
    question,
    ratingOf(question, question.tap, { labels: [], comment: null }),
    new Date(),
  )
}
