import { Listeners } from '../listeners.ts'
import type { Personal } from '../personal.ts'
import type { Peripheral } from '../status.ts'
import { type Attendance, type Ending, lineLost, supervise } from '../supervisor.ts'
import type { Connection } from '../transport/connection.ts'
import { openPort } from '../transport/open-port.ts'
import type { IdCard } from './card.ts'
import { type CardEvent, ReadingCycle, type Step } from './cycle.ts'
import { framingOf } from './framing.ts'
import { GARBLED, ReaderLine, SILENT } from './line.ts'
import { formatSamId } from './parts.ts'
import { type DecodedPhoto, PhotoDecoder } from './photo-decoder.ts'
import { type IdReaderProfile, profileFor } from './profile.ts'
import { DONE, describeSw3, isNotUnderstood } from './sw3.ts'
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
  let misses = 0
  try {
    let step = await greet(line)
    if (step.kind === 'answered') {
      attendance.ready()
      const answer = await line.ask('sam-id')
      if (answer.kind === 'reply' && answer.reply.sw3 === DONE) tellSamId(formatSamId(answer.reply.data))
    }
    for (;;) {
      if (attendance.signal.aborted || step.kind === 'gone') return lineLost(connection, attendance.signal)
      if (step.kind === 'out-of-order') return offline(step.sw3)
      if (step.kind === 'answered') {
        attendance.ready()
        misses = 0
      } else {
        misses += 1
        if (misses >= timings.missesBeforeReopen) return step.kind === 'garbled' ? GARBLED : SILENT
      }
      step = await cycle.step()
    }
  } finally {
    line.stop()
    cycle.forget()
  }
}

/** A reader whose SAM is out of order answers all the same: told apart from a dead line by asking it. */
async function greet(line: ReaderLine): Promise<Step> {
  const hello = await line.ask('sam-status')
  if (hello.kind !== 'reply') return hello
  const { sw3 } = hello.reply
  if (isNotUnderstood(sw3)) return { kind: 'garbled' }
  return sw3 === DONE ? { kind: 'answered' } : { kind: 'out-of-order', sw3 }
}

function offline(sw3: number): Ending {
  return { reason: 'offline', detail: `SAM: ${describeSw3(sw3)}` }
}
