/**
 * Walks every chain that a hall has stored (PROTOCOLS.md §1.2): whatever was taken out, altered or slipped in,
 * by staff or anybody, breaks a hash, a link, a count, or what the device itself said of its chain.
 */
import { z } from 'zod'
import { canonicalText, sha256Base64url } from '../protocol/canonical.ts'
import { sourceOf } from '../protocol/events.ts'
import { FIRST_PREVHASH, formatSequence } from '../protocol/identifiers.ts'
import type { ChainHead, Store, StoredDevice, StoredEvent } from './store/store.ts'
import { type Hole, isOwnedUp, parsedJson, SetAsides } from './verify-holes.ts'
import { settledForks, successorOf } from './verify-settled.ts'

export interface ChainFault {
  /**
   * `missing`: events that are not here and that no fact owns up to. `altered`: a stored text that is not what
   * the device made. `fork`: two chains under one identity, or an event that was put in another's place. `no-device`:
   * records stand here under a name that is none of an enrolled device.
   */
  kind: 'missing' | 'altered' | 'fork' | 'no-device'
  /** Null where it is not about a place in a chain. */
  epoch: number | null
  /** Null where nobody can say: how far a lost end went, or where two devices parted. */
  first: number | null
  last: number | null
  detail: string
  /** The hall was sent two chains under one identity: only such a fork can be settled by people. */
  ofSenders?: true
}

export interface ChainReport {
  deviceId: string
  name: string
  events: number
  faults: ChainFault[]
  /** Forks that people have dealt with: the device was revoked after them, and another enrolled in its place. */
  settled: ChainFault[]
  /** Events that the device set aside and told of; the chain around them is whole. */
  setAside: number
  /** Events that the device has told of and not sent yet. */
  awaited: number
}

/**
 * One report for each device that was ever enrolled, and for each chain and number whose device is not here any more;
 * nothing is wrong when all `faults` are empty.
 */
export async function verifyStore(store: Store): Promise<ChainReport[]> {
  const reports: ChainReport[] = []
  const devices = await store.devices()
  for (const device of devices) reports.push(await verifyChain(store, device, successorOf(device, devices)))
  const enrolled = new Set(devices.map(({ deviceId }) => deviceId))
  for (const deviceId of await store.chainIds())
    if (!enrolled.has(deviceId)) reports.push(await verifyOrphan(store, deviceId))
  return [...reports, ...(await lostNumbers(store))]
}

async function verifyOrphan(store: Store, deviceId: string): Promise<ChainReport> {
  const report = await verifyChain(store, { deviceId, name: 'not enrolled', revokedAt: null }, null)
  const detail = 'records stand here, and no device of this name is enrolled: its row was taken out'
  const fault: ChainFault = { kind: 'no-device', epoch: null, first: null, last: null, detail }
  return { ...report, faults: [fault, ...report.faults] }
}

/** Numbers are given out one by one, and no device is ever taken out. */
async function lostNumbers(store: Store): Promise<ChainReport[]> {
  const numbers = await store.deviceNumbers()
  return numbers.flatMap((number, index) => {
    const first = (numbers[index - 1] ?? 0) + 1
    if (first >= number) return []
    const which = first === number - 1 ? `no. ${first}` : `no. ${first} to ${number - 1}`
    const detail = 'enrolled once, and taken out of the table of devices'
    const fault: ChainFault = { kind: 'missing', epoch: null, first: null, last: null, detail }
    return [
      {
        deviceId: which,
        name: 'not enrolled',
        events: 0,
        faults: [fault],
        settled: [],
        setAside: 0,
        awaited: 0,
      },
    ]
  })
}

async function verifyChain(
  store: Store,
  { deviceId, name, revokedAt }: Pick<StoredDevice, 'deviceId' | 'name' | 'revokedAt'>,
  successor: StoredDevice | null,
): Promise<ChainReport> {
  const heads = await store.headsOf(deviceId)
  const told = new Map(heads.map((head) => [head.epoch, head.told]))
  const faults: ChainFault[] = []
  const holes: Hole[] = []
  const setAsides = new SetAsides()
  let before: StoredEvent | null = null
  let events = 0
  for await (const event of store.eventsOf(deviceId)) {
    events += 1
    const { epoch, sequence } = event
    const here = { epoch, first: sequence, last: sequence }
    const said = told.get(epoch)
    if (isAltered(event, deviceId))
      faults.push({ kind: 'altered', ...here, detail: 'the stored text is not what the device made' })
    if (said?.sequence === sequence && said.hash !== event.hash)
      faults.push({
        kind: 'fork',
        ...here,
        detail: 'the device told of another event here',
      })
    const hole = holeBefore(event, before)
    if (hole !== null) holes.push(hole)
    else if (!linksTo(event, before))
      faults.push({ kind: 'fork', ...here, detail: 'it does not link to the event before it' })
    setAsides.note(event)
    before = event
  }
  holes.push(...lostEnds(heads, before))
  for (const hole of holes) if (!isOwnedUp(hole, setAsides)) faults.push(await faultOf(hole, store, deviceId))
  // Nothing more comes from a device that is refused: what it told of and never sent is gone.
  if (revokedAt !== null)
    for (const { epoch, first, last } of unsent(heads, before?.epoch ?? 0))
      faults.push({
        kind: 'missing',
        epoch,
        first,
        last,
        detail: 'the device told of it, was revoked, and never sent it',
      })
  for (const { epoch, forkedAt } of heads)
    if (forkedAt !== null && !faults.some((fault) => fault.kind === 'fork' && fault.epoch === epoch))
      faults.push({
        kind: 'fork',
        epoch,
        first: null,
        last: null,
        detail: `first seen ${forkedAt.toISOString()}`,
        ofSenders: true,
      })
  const dealtWith =
    successor === null
      ? []
      : settledForks({
          faults,
          heads,
          revokedAt,
          successor,
          cloneSeenAt: (await store.statusOf(deviceId))?.cloneSeenAt ?? null,
        })
  return {
    deviceId,
    name,
    events,
    faults: faults.filter((fault) => !dealtWith.some(({ of }) => of === fault)),
    settled: dealtWith.map(({ told }) => told),
    setAside: setAsides.count,
    awaited: revokedAt === null ? countUnsent(heads, before?.epoch ?? 0) : 0,
  }
}

/**
 * The text against its own hash and against the columns that the hall looks it up by. No schema is asked: what
 * another version thinks of an event is no alteration.
 */
function isAltered(event: StoredEvent, deviceId: string): boolean {
  const parsed = HashedText.safeParse(parsedJson(event.text))
  if (!parsed.success || canonicalOrNull(parsed.data) !== event.text) return true
  const { hash, ...unhashed } = parsed.data
  return !(
    hash === sha256Base64url(canonicalText(unhashed)) &&
    hash === event.hash &&
    unhashed.prevhash === event.prevhash &&
    unhashed.source === sourceOf(deviceId) &&
    unhashed.epoch === event.epoch &&
    unhashed.sequence === formatSequence(event.sequence)
  )
}

/** Null for what has no canonical form, such as a lone surrogate: no device has made that. */
function canonicalOrNull(value: unknown): string | null {
  try {
    return canonicalText(value)
  } catch {
    return null
  }
}

const HashedText = z.looseObject({
  source: z.string(),
  epoch: z.int(),
  sequence: z.string(),
  prevhash: z.string(),
  hash: z.string(),
})

/** Whether the link holds where no event lies between the two. */
function linksTo(event: StoredEvent, before: StoredEvent | null): boolean {
  return event.prevhash === (before?.hash ?? FIRST_PREVHASH)
}

function holeBefore(event: StoredEvent, before: StoredEvent | null): Hole | null {
  const { epoch, sequence, prevhash } = event
  const within = before?.epoch === epoch ? before.sequence : 0
  if (sequence > within + 1) return { epoch, first: within + 1, last: sequence - 1, linkedTo: prevhash }
  if (within > 0 || linksTo(event, before)) return null
  // A later epoch goes on from the last event that the device made, and that one is not here.
  return {
    epoch: before?.epoch ?? epoch - 1,
    first: (before?.sequence ?? 0) + 1,
    last: null,
    linkedTo: prevhash,
  }
}

/** What the hall has answered for and has not, after the last event of all. */
function lostEnds(heads: readonly ChainHead[], end: StoredEvent | null): Hole[] {
  return heads.flatMap(({ epoch, through }) => {
    if (through === null || epoch < (end?.epoch ?? 0)) return []
    const last = epoch === end?.epoch ? end.sequence : 0
    return through > last ? [{ epoch, first: last + 1, last: through, linkedTo: null }] : []
  })
}

/** A link to an event that is here, but earlier, is no hole: from there on two chains were made. */
async function faultOf(hole: Hole, store: Store, deviceId: string): Promise<ChainFault> {
  const { epoch, first, last, linkedTo } = hole
  if (last === null)
    for await (const event of store.eventsOf(deviceId))
      if (event.hash === linkedTo)
        return {
          kind: 'fork',
          epoch: event.epoch,
          first: event.sequence + 1,
          last: null,
          detail: 'a later epoch goes on from the event before it',
        }
  return { kind: 'missing', epoch, first, last, detail: 'no fact of the device owns up to it' }
}

interface Unsent {
  epoch: number
  first: number
  last: number
}

/** What a device told of and the hall has not answered for; in earlier epochs that is a hole. */
function unsent(heads: readonly ChainHead[], lastEpoch: number): Unsent[] {
  return heads
    .filter(({ epoch }) => epoch >= lastEpoch)
    .map(({ epoch, through, told }) => ({ epoch, first: (through ?? 0) + 1, last: told?.sequence ?? 0 }))
    .filter(({ first, last }) => last >= first)
}

/** Events that a device has told of and not sent. @param lastEpoch of what is stored of it; 0 for nothing */
export function countUnsent(heads: readonly ChainHead[], lastEpoch: number): number {
  return unsent(heads, lastEpoch).reduce((sum, { first, last }) => sum + last - first + 1, 0)
}
