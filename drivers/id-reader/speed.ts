/**
 * At what speed a serial reader talks, and how to change it: for technicians, on the one port that they point at.
 * Never part of a driver at work: bytes at a wrong speed are noise to whatever else may sit on a port.
 */
import type { Connection } from '../transport/connection.ts'
import { openPort } from '../transport/open-port.ts'
import { framingOf } from './framing.ts'
import { type Answer, type LineKeeper, ReaderLine } from './line.ts'
import { idReaderProfile } from './profile.ts'
import { READER_SPEEDS, type ReaderSpeed, type RequestName } from './requests.ts'
import { DONE, describeSw3 } from './sw3.ts'
import { READER_TIMINGS, type ReaderTimings } from './timings.ts'

export type ProbedSpeed = { ok: true; baud: ReaderSpeed } | { ok: false; detail: string }

/**
 * Asks for the SAM's status at one speed after another (DEVICES §1), a second at most for each. `path` is a serial
 * device such as /dev/serial/by-id/…, which no driver may hold at the same time.
 */
export async function probeReaderSpeed(
  path: string,
  signal?: AbortSignal,
  timings: ReaderTimings = READER_TIMINGS,
): Promise<ProbedSpeed> {
  for (const baud of READER_SPEEDS) {
    const answer = await askOnce(path, baud, 'sam-status', timings, signal)
    if (answer.kind === 'reply') return { ok: true, baud }
    // Whatever keeps the port from being opened or read will do so at the other speeds as well.
    if (answer.kind === 'unusable') return { ok: false, detail: answer.detail }
  }
  return {
    ok: false,
    detail: `no reader answers at ${path} at ${READER_SPEEDS.join(', ')} baud: check its power and its cable`,
  }
}

/** Sets a reader that talks at `from` to another speed, and makes sure by asking it there. */
export async function changeReaderSpeed(
  path: string,
  { from, to }: { from: ReaderSpeed; to: ReaderSpeed },
  signal?: AbortSignal,
  timings: ReaderTimings = READER_TIMINGS,
): Promise<ProbedSpeed> {
  const told = await askOnce(path, from, `baud-${to}`, timings, signal)
  if (told.kind === 'unusable') return { ok: false, detail: told.detail }
  if (told.kind === 'reply' && told.reply.sw3 !== DONE) {
    return { ok: false, detail: `the reader stays at ${from} baud: ${describeSw3(told.reply.sw3)}` }
  }
  // The answer may come at either speed and be lost with the change: only an answer at the new one counts.
  const asked = await askOnce(path, to, 'sam-status', timings, signal)
  if (asked.kind === 'reply') return { ok: true, baud: to }
  const detail = `no answer at ${to} baud after the change: find its speed with a probe`
  return { ok: false, detail: asked.kind === 'unusable' ? asked.detail : detail }
}

type Asked = Exclude<Answer, { kind: 'gone' }> | { kind: 'unusable'; detail: string }

/** One question on a connection of its own. */
async function askOnce(
  path: string,
  baud: ReaderSpeed,
  request: RequestName,
  timings: ReaderTimings,
  signal: AbortSignal = new AbortController().signal,
): Promise<Asked> {
  const profile = idReaderProfile('serial')
  if (profile === undefined) throw new Error('the profile of serial readers is missing')
  const opened = await openPort(`serial:${path}?baud=${baud}`, signal)
  if (!opened.ok) return { kind: 'unusable', detail: opened.detail }
  const connection = opened.link
  const line = new ReaderLine(connection, keeperOf(connection, signal), {
    framing: framingOf(profile),
    timings,
    pauseAfterReadMs: 0,
  })
  try {
    const answer = await line.ask(request)
    if (answer.kind !== 'gone') return answer
    const detail = signal.aborted ? 'the probe was ended' : (await connection.closed).detail
    return { kind: 'unusable', detail: `port ${connection.port}: ${detail}` }
  } finally {
    line.stop()
    await connection.close()
  }
}

/** Nobody supervises a probe: it has an ending, and nothing to count. */
function keeperOf(connection: Connection, signal: AbortSignal): LineKeeper {
  const gone = new AbortController()
  void connection.closed.then(() => gone.abort())
  return {
    signal: AbortSignal.any([gone.signal, signal]),
    counters: { frames: 0, discardedBytes: 0, deadlineAborts: 0, reopens: 0 },
    fault: () => {},
  }
}
