import { Listeners } from '../listeners.ts'
import type { Personal } from '../personal.ts'
import type { Peripheral } from '../status.ts'
import { type Attendance, type Ending, lineLost, supervise } from '../supervisor.ts'
import type { Connection } from '../transport/connection.ts'
import { openPort } from '../transport/open-port.ts'
import { ask, poll, type Step, samStatus } from './asking.ts'
import type { IdCard } from './card.ts'
import { type CardEvent, ReadingCycle } from './cycle.ts'
import { framingOf } from './framing.ts'
import { GARBLED, ReaderLine, SILENT } from './line.ts'
import { formatSamId } from './parts.ts'
import { type DecodedPhoto, PhotoDecoder } from './photo-decoder.ts'
import { type IdReaderProfile, profileFor } from './profile.ts'
import { DONE, describeSw3 } from './sw3.ts'
import { READER_TIMINGS, type ReaderTimings } from './timings.ts'

export type { CardEvent }

export interface IdReader extends Peripheral {
  onCard(listener: (event: CardEvent) => void): () => void
  /** The security module's own number, for technicians, once per opening; null while it is not known. */
  samId(): string | null
  /** The photo as a picture, made by the configured decoder. Never rejects. */
  decodePhoto(card: Personal<IdCard>): Promise<DecodedPhoto>
}

export interface IdReaderOptions {
  driver: 'sdt'
  /** Serial, TCP or HID. */
  port: string
  /** One of ID_READER_PROFILES; without it the port's kind and the VID:PID choose. */
  profile?: string | undefined
  /** False where nobody takes cards: none is found or read, and only the SAM's status is asked for. Default true. */
  reads?: boolean | undefined
  /** Program and arguments of the decoder licensed with the reader: WLT on stdin, a picture on stdout. */
  photoDecoder?: readonly string[] | undefined
  /** Whether fingerprints are asked for; never otherwise. */
  fingerprints?: boolean | undefined
  /** Whether a later address is asked for, and added to the card. */
  extraAddress?: boolean | undefined
}

/** Keeps a resident ID card reader (SDT protocol) at work on its port. Returns at once and never throws. */
export function superviseIdReader(
  options: IdReaderOptions,
  timings: ReaderTimings = READER_TIMINGS,
): IdReader {
  const cards = new Listeners<CardEvent>()
  const decoder = new PhotoDecoder(options.photoDecoder)
  const chosen = profileFor(options.port, options.profile)
  let samId: string | null = null
  const peripheral = supervise<Connection>({
    port: options.port,
    open: async (signal) =>
      chosen.ok ? openPort(options.port, signal) : { ok: false, detail: chosen.detail },
    attend: async (connection, attendance) => {
      // Nothing is opened without a profile.
      if (!chosen.ok) return { reason: 'cannot-open', detail: chosen.detail }
      const attended = { connection, attendance, cards, timings, options, profile: chosen.profile }
      try {
        return await attend(attended, (id) => {
          samId = id
        })
      } finally {
        samId = null
      }
    },
  })
  return {
    ...peripheral,
    onCard: (listener) => cards.add(listener),
    samId: () => samId,
    decodePhoto: (card) => decoder.decode(card.reveal().photo),
    close: async () => {
      await Promise.all([peripheral.close(), decoder.close()])
      cards.clear()
    },
  }
}

/** One refusal may be noise on the way to the reader; a reader that goes on refusing is of no use. */
const REFUSALS_BEFORE_OFFLINE = 3

interface Attended {
  connection: Connection
  attendance: Attendance
  cards: Listeners<CardEvent>
  timings: ReaderTimings
  options: IdReaderOptions
  profile: IdReaderProfile
}

async function attend(
  { connection, attendance, cards, timings, options, profile }: Attended,
  tellSamId: (id: string) => void,
): Promise<Ending> {
  const { pauseAfterReadMs, selectWithoutFind } = profile
  const line = new ReaderLine(connection, attendance, {
    framing: framingOf(profile),
    timings,
    pauseAfterReadMs,
  })
  const cycle = new ReadingCycle(line, cards, {
    selectWithoutFind,
    fingerprints: options.fingerprints === true,
    extraAddress: options.extraAddress === true,
  })
  const next = async (): Promise<Step> =>
    options.reads === false ? samStatus(await poll(line, 'sam-status')) : cycle.step()
  let misses = 0
  let refusals = 0
  try {
    let step = samStatus(await ask(line, 'sam-status'))
    if (step.kind === 'answered') {
      const answer = await line.ask('sam-id')
      if (answer.kind === 'reply' && answer.reply.sw3 === DONE) tellSamId(formatSamId(answer.reply.data))
      // That its SAM is well does not say that it finds cards: only the work itself makes it ready.
      step = await next()
    }
    for (;;) {
      if (attendance.signal.aborted) return lineLost(connection, attendance.signal)
      switch (step.kind) {
        case 'gone':
          return lineLost(connection, attendance.signal)
        case 'out-of-order':
          return offline('SAM', step.sw3)
        case 'answered':
          attendance.ready()
          misses = 0
          refusals = 0
          break
        case 'refused':
          misses = 0
          refusals += 1
          if (refusals >= REFUSALS_BEFORE_OFFLINE) return offline(step.request, step.sw3)
          break
        default:
          misses += 1
          if (misses >= timings.missesBeforeReopen) return step.kind === 'garbled' ? GARBLED : SILENT
      }
      step = await next()
    }
  } finally {
    line.stop()
    cycle.forget()
  }
}

function offline(what: string, sw3: number): Ending {
  return { reason: 'offline', detail: `${what}: ${describeSw3(sw3)}` }
}
