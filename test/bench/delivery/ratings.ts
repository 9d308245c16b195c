/** Demo ratings as a busy hall captures them: its items, windows and staff, answers of every kind, no sealed identities. */
import { readFileSync } from 'node:fs'
import { uuidv7 } from 'uuidv7'
import { z } from 'zod'
import { canonicalText, sha256Base64url } from '../../../sync/protocol/canonical.ts'
import { labelsOf } from '../../../sync/protocol/dictionary.ts'
import { type EventData, sourceOf, typeName } from '../../../sync/protocol/events.ts'
import { FIRST_PREVHASH, formatInstant, formatSequence } from '../../../sync/protocol/identifiers.ts'
import type { LevelNumber } from '../../../sync/protocol/levels.ts'

const demo = new URL('../../../sync/hall/demo/', import.meta.url)
const readDemo = <S extends z.ZodType>(name: string, schema: S): z.infer<S> =>
  schema.parse(JSON.parse(readFileSync(new URL(name, demo), 'utf8')))
const items = readDemo('cases.json', z.array(z.object({ itemCode: z.string(), itemName: z.string() })))
const staff = readDemo('staff.json', z.array(z.object({ staffId: z.string(), window: z.string() })))

const DICTIONARY = '2019.1'
const CODE_CHARACTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A window asks about one person in two or three minutes. */
const BETWEEN_RATINGS_MS = 150_000
const FIRST_AT_MS = Date.UTC(2026, 9, 20, 0, 30)

/** mulberry32: the same rows in each run, so that sizes can be compared. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Four of five are content, as every hall's figures have it; whoever is not says why, or not yet. */
function levelOf(chance: number): LevelNumber {
  if (chance < 0.8) return 5
  if (chance < 0.92) return 4
  if (chance < 0.97) return 3
  return chance < 0.99 ? 2 : 1
}

function pick<T>(values: readonly T[], chance: number): T {
  const value = values[Math.floor(chance * values.length)]
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}

export function demoRating(random: () => number, at: Date): EventData<'rating'> {
  const { itemCode, itemName } = pick(items, random())
  const at12 = pick(staff, random())
  const level = levelOf(random())
  const known = (labelsOf(DICTIONARY, level) ?? []).map(({ code }) => code)
  const labels = known.filter(() => random() < 0.25).slice(0, 8)
  const suffix = Array.from({ length: 6 }, () => pick([...CODE_CHARACTERS], random())).join('')
  return {
    level,
    labels,
    reasonPending: level <= 2 && labels.length === 0,
    dictionary: DICTIONARY,
    comment: null,
    channel: 'pad',
    assessNumber: 1,
    proof: 'none',
    case: {
      caseNo: `YX202611${suffix}`,
      itemCode,
      itemName,
      handleItem: null,
      serviceName: itemName,
      serviceNumber: 1,
      ticketNo: null,
    },
    staff: { staffId: at12.staffId, window: at12.window },
    anonymous: true,
    user: null,
    askedAt: formatInstant(new Date(at.getTime() - 4_000 - Math.floor(random() * 20_000))),
    capturedAt: formatInstant(at),
    clock: { synchronized: true, offsetMs: Math.floor(random() * 80) - 40 },
  }
}

export interface ChainEvent {
  sequence: number
  hash: string
  prevhash: string
  type: string
  time: string
  text: string
}

/** A device's chain of demo ratings from its beginning, made as the outbox makes it but for the check of its own work. */
export function* demoChain(deviceId: string, count: number, seed = 1): Generator<ChainEvent> {
  const random = seeded(seed)
  let prevhash = FIRST_PREVHASH
  for (let sequence = 1; sequence <= count; sequence += 1) {
    const at = new Date(FIRST_AT_MS + sequence * BETWEEN_RATINGS_MS + Math.floor(random() * 60_000))
    const time = formatInstant(at)
    const type = typeName('rating')
    const unhashed = {
      specversion: '1.0',
      id: uuidv7(),
      source: sourceOf(deviceId),
      type,
      time,
      datacontenttype: 'application/json',
      epoch: 1,
      sequence: formatSequence(sequence),
      prevhash,
      data: demoRating(random, at),
    }
    const hash = sha256Base64url(canonicalText(unhashed))
    yield { sequence, hash, prevhash, type, time, text: canonicalText({ ...unhashed, hash }) }
    prevhash = hash
  }
}
