/** A simulated reader with the real driver on it, and what the driver tells. */
import type { Socket } from 'node:net'
import { expect } from 'vitest'
import {
  type CardEvent,
  type IdReader,
  type IdReaderOptions,
  superviseIdReader,
} from '../../../drivers/id-reader/driver.ts'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import { encodeRequest, REQUESTS, type RequestName } from '../../../drivers/id-reader/requests.ts'
import { READER_TIMINGS, type ReaderTimings } from '../../../drivers/id-reader/timings.ts'
import {
  type IdReaderSimulator,
  type IdReaderSimulatorOptions,
  type SimulatedCard,
  startIdReaderSimulator,
} from '../../../drivers/simulators/id-reader.ts'
import type { PeripheralStatus } from '../../../drivers/status.ts'
import { closing, ready, startPeer } from '../support.ts'

export const CARD: SimulatedCard = {
  name: '张小雨',
  sex: 'female',
  ethnicGroup: '汉',
  birth: '1988-03-12',
  address: '浙江省云溪区灯火巷1号',
  number: '330099198803120028',
  issuer: '云溪区公安分局',
  validFrom: '2020-01-01',
  validTo: '长期',
}
export const OTHER_CARD: SimulatedCard = { ...CARD, name: '欧阳小雨' }

/** Deadlines of a tenth: the waits of a dead reader are not what most tests are about. */
export const SHORT: ReaderTimings = {
  ...READER_TIMINGS,
  deadlineMs: {
    ...READER_TIMINGS.deadlineMs,
    'sam-status': 100,
    'sam-id': 100,
    'find-card': 200,
    'read-base': 500,
    'card-management-number': 200,
  },
  frameDeadlineMs: 100,
}

const LONG_MS = 20_000
/** Hundreds of readers at once on a busy machine are slow, not silent. */
export const PATIENT: ReaderTimings = {
  ...READER_TIMINGS,
  silenceMs: { usual: LONG_MS, reading: LONG_MS },
  readBeginsMs: LONG_MS,
  frameSilenceMs: LONG_MS,
  frameDeadlineMs: LONG_MS,
  damageSilenceMs: LONG_MS,
  deadlineMs: Object.fromEntries(
    Object.keys(READER_TIMINGS.deadlineMs).map((name) => [name, LONG_MS]),
  ) as ReaderTimings['deadlineMs'],
}

export interface Bench {
  simulator: IdReaderSimulator
  reader: IdReader
  events: CardEvent[]
  statuses: PeripheralStatus[]
  kinds(): string[]
}

/** The driver with everything it tells from its first moment on. Closed at the end of the test. */
export function watched(
  simulator: IdReaderSimulator,
  options: Partial<IdReaderOptions> = {},
  timings: ReaderTimings = READER_TIMINGS,
): Bench {
  const reader = closing(superviseIdReader({ driver: 'sdt', port: simulator.port, ...options }, timings))
  const events: CardEvent[] = []
  const statuses: PeripheralStatus[] = []
  reader.onCard((event) => events.push(event))
  reader.onStatus((status) => statuses.push(status))
  return { simulator, reader, events, statuses, kinds: () => events.map((event) => event.kind) }
}

export async function bench(
  given: { reader?: Partial<IdReaderOptions>; simulator?: Partial<IdReaderSimulatorOptions> } = {},
  timings: ReaderTimings = READER_TIMINGS,
): Promise<Bench> {
  const simulator = closing(await startIdReaderSimulator({ listen: 'tcp://127.0.0.1:0', ...given.simulator }))
  const all = watched(simulator, given.reader, timings)
  await ready(all.reader)
  return all
}

/** The name on the card of an event that tells of one. */
export function nameOn(event: CardEvent | undefined): string | undefined {
  return event?.kind === 'placed' ? event.card.reveal().name : undefined
}

/** Faults that were told, in their order, each once. */
export function faultsOf(statuses: readonly PeripheralStatus[]): string[] {
  return statuses.flatMap((status) => (status.state === 'fault' ? [status.reason] : []))
}

export interface ScriptedReader {
  port: string
  sockets: Socket[]
  /** From now on it answers nothing. */
  mute(): void
}

/** A reader of a few lines, for what no simulator does: its answers by the name of the request, undefined for none. */
export async function startScriptedReader(
  answer: (request: RequestName, socket: Socket) => Uint8Array | undefined,
): Promise<ScriptedReader> {
  const names = Object.keys(REQUESTS) as RequestName[]
  let mute = false
  const { port, sockets } = await startPeer((chunk, socket) => {
    const asked = names.find((name) => chunk.equals(encodeRequest(name)))
    expect(asked).toBeDefined()
    const reply = asked === undefined || mute ? undefined : answer(asked, socket)
    if (reply !== undefined) socket.write(reply)
  })
  return {
    port,
    sockets,
    mute: () => {
      mute = true
    },
  }
}

/** A reader on whose plate nothing lies. */
export function emptyPlate(request: RequestName): Uint8Array {
  switch (request) {
    case 'find-card':
      return encodeReply(0x80)
    case 'sam-status':
    case 'reset-sam':
      return encodeReply(0x90)
    case 'sam-id':
      return encodeReply(0x21)
    default:
      return encodeReply(0x41)
  }
}
