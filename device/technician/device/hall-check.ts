/** Whether this device gets through to its hall, step by step, each with what is wrong and what it was seen by. */
import { createHallClient, type HallClient, type HallFault } from '../../../sync/hall-client.ts'
import { createHallClock } from '../../../sync/hall-clock.ts'
import type { HallTrust } from '../../../sync/hall-trust.ts'
import type { Identity } from '../../../sync/identity.ts'
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import type { HallCheck, HallStep, HallStepName } from '../../http/contract.ts'
import { SOFTWARE } from '../../software.ts'
import {
  type Authority,
  askName,
  lookAtCertificate,
  placeOf,
  type Reached,
  tryConnections,
} from './hall-reach.ts'

/** The hall takes a signature of a clock that is off by no more (PROTOCOLS.md §1.1); facts would have a wrong time. */
const CLOCK_OFF_AT_MOST_MS = 5 * 60_000
/** The contract's "synchronized". */
const CLOCK_GOOD_MS = 1_000

const STEPS: readonly HallStepName[] = ['name', 'connection', 'certificate', 'answer', 'clock', 'enrolment']

export interface CheckedHall {
  /** An origin that is allowed (sync/hall-address.ts). */
  url: string
  trust: HallTrust | null
  identity: Identity
  /** What it would be enrolled with; null as long as its role is not chosen. */
  enrolment: {
    code: string | null
    role: 'terminal' | 'pad'
    name: string
    window: string | null
  } | null
}

export const NOT_TRIED: HallCheck = {
  state: 'not-tried',
  at: null,
  roundTripMs: null,
  steps: [],
}

/**
 * @param onStep with each step that has begun or ended
 * @param onAuthority with whom the server has shown to vouch for it, where nobody trusts that one yet
 */
export const checkHall = async (
  hall: CheckedHall,
  onStep: (check: HallCheck) => void,
  onAuthority: (authority: Authority) => void = () => {},
): Promise<HallCheck> => {
  const steps: HallStep[] = STEPS.map((step) => ({ step, state: 'waiting', code: null, facts: {} }))
  let roundTripMs: number | null = null
  const put = (step: HallStepName, rest: Partial<HallStep>): void => {
    const at = STEPS.indexOf(step)
    const old = steps[at]
    if (old !== undefined) steps[at] = { ...old, ...rest }
    onStep({ state: 'trying', at: null, roundTripMs, steps: [...steps] })
  }
  const run = async (step: HallStepName, look: () => Promise<Reached>): Promise<Reached> => {
    put(step, { state: 'now' })
    const { good, code, facts } = await look()
    put(step, { state: good ? 'good' : 'bad', code, facts })
    return { good, code, facts }
  }
  const ended = (good: boolean): HallCheck => ({
    state: good ? 'good' : 'bad',
    at: formatInstant(new Date()),
    roundTripMs,
    steps,
  })

  const { url, trust, identity } = hall
  const place = placeOf(url)
  let addresses: string[] = []
  const named = await run('name', async () => {
    const found = await askName(place)
    addresses = found.addresses
    return found
  })
  if (!named.good) return ended(false)
  const connected = await run('connection', () => tryConnections(place, addresses))
  const address = connected.facts.address
  if (!connected.good || address === undefined) return ended(false)
  if (!place.secure) put('certificate', { state: 'left-out', code: 'this-machine' })
  else {
    const whole = trust ?? { ca: null, pins: [] }
    const seen = await run('certificate', async () => {
      const { authority, ...looked } = await lookAtCertificate(place, address, whole)
      if (authority !== null) onAuthority(authority)
      return looked
    })
    // A pinned hall tells the time although dates are wrong; the clock's own step says so then.
    const byClock = seen.code === 'certificate-dates' && whole.pins.length > 0
    if (!seen.good && !byClock) return ended(false)
  }
  const client = createHallClient({
    url,
    identity,
    clock: createHallClock(),
    ...(trust !== null && { trust }),
  })
  const answered = await run('answer', async () => {
    const sentAt = performance.now()
    const answer = await client.time()
    if (!answer.ok) return { good: false, ...whyNoHall(answer) }
    roundTripMs = Math.round(performance.now() - sentAt)
    return { good: true, code: null, facts: { ms: String(roundTripMs) } }
  })
  if (!answered.good) return ended(false)
  const clock = await run('clock', () => Promise.resolve(judgeClock(client)))
  if (hall.enrolment === null && identity.deviceId === null) {
    put('enrolment', { state: 'left-out', code: 'after-role' })
    return ended(clock.good)
  }
  const enrolled = await run('enrolment', () => enrol(client, hall))
  return ended(clock.good && enrolled.good)
}

const judgeClock = ({ clock }: HallClient): Reached => {
  const offsetMs = clock.state().offsetMs ?? 0
  const facts = { seconds: (Math.abs(offsetMs) / 1000).toFixed(1), hall: formatInstant(clock.hallNow()) }
  if (Math.abs(offsetMs) < CLOCK_GOOD_MS) return { good: true, code: null, facts }
  const behind = offsetMs > 0
  if (Math.abs(offsetMs) <= CLOCK_OFF_AT_MOST_MS)
    return { good: true, code: behind ? 'clock-behind' : 'clock-ahead', facts }
  return { good: false, code: behind ? 'clock-far-behind' : 'clock-far-ahead', facts }
}

/** The same code and key again gets the same answer, so a device that asks at the same moment does no harm. */
const enrol = async (client: HallClient, { identity, enrolment }: CheckedHall): Promise<Reached> => {
  if (identity.deviceId !== null) {
    const known = await client.getSettings(null)
    if (known.ok) return { good: true, code: null, facts: { id: identity.deviceId } }
    return { good: false, ...whyNotKnown(known), facts: { id: identity.deviceId } }
  }
  if (enrolment === null || enrolment.code === null) return { good: false, code: 'code-missing', facts: {} }
  const { code, role, name, window } = enrolment
  const answer = await client.enrol({ enrolmentCode: code, role, name, window, software: SOFTWARE })
  if (answer.ok) return { good: true, code: null, facts: { id: answer.value.deviceId } }
  if (answer.kind !== 'problem') return { good: false, ...whyNoHall(answer) }
  switch (answer.problem.code) {
    case 'enrolment-code-bad':
      return { good: false, code: 'code-bad', facts: {} }
    case 'too-many-tries':
      return { good: false, code: 'too-many-tries', facts: {} }
    default:
      return { good: false, code: 'hall-refused', facts: { code: answer.problem.code } }
  }
}

const whyNotKnown = (fault: HallFault): { code: string } => {
  if (fault.kind !== 'problem') return whyNoHall(fault)
  switch (fault.problem.code) {
    case 'unknown-key':
      return { code: 'device-unknown' }
    case 'revoked':
      return { code: 'device-revoked' }
    default:
      return { code: 'hall-refused' }
  }
}

const whyNoHall = (fault: HallFault): { code: string; facts: Record<string, string> } => {
  switch (fault.kind) {
    case 'no-answer':
      return { code: fault.reason === 'timeout' ? 'no-http' : 'line-lost', facts: { why: fault.detail } }
    case 'problem':
      return { code: 'hall-refused', facts: { code: fault.problem.code } }
    case 'unexpected':
      return { code: 'no-hall', facts: { status: String(fault.status) } }
    default:
      return fault satisfies never
  }
}
