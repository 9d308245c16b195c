/** Does the reader answer, find a card, read it whole, and notice that it is gone? */
import type { CardEvent, IdReader } from '../../../drivers/id-reader/driver.ts'
import { checkIdNumber } from '../../../drivers/id-reader/id-number.ts'
import { PHOTO_BYTES } from '../../../drivers/id-reader/parts.ts'
import { sleep } from '../../../drivers/time.ts'
import { answers, type TestMaker, type TestTimings } from './bench.ts'
import { failed, PASSED, type Step, type StepContext, type StepEnd } from './steps.ts'

export const idReaderTest: TestMaker = ({ idReader, readsCards }, timings) => {
  if (idReader === null) return null
  const answering = answers(idReader, timings, async ({ signal, show }) => {
    const end = await freshAnswer(idReader, signal)
    if (end.passed) show({ samId: idReader.samId() })
    return end
  })
  return readsCards ? [answering, card(idReader, timings), lifted(idReader, timings)] : [answering]
}

/** Its last status may be older than a cable that was just pulled: it has to say something now. */
const freshAnswer = async (reader: IdReader, signal: AbortSignal): Promise<StepEnd> => {
  const before = reader.counters().frames
  while (reader.counters().frames === before) {
    const status = reader.status()
    if (status.state === 'fault') return failed(status.reason)
    if (signal.aborted) return failed('no-answer')
    await sleep(LOOK_EVERY_MS, signal)
  }
  return PASSED
}

/** A reader is asked every 300 ms (DEVICES §1.4). */
const LOOK_EVERY_MS = 50

/** Of the card only what is shown outlives the moment: the first character of a name, the last four of a number. */
const card = (reader: IdReader, { handMs }: TestTimings): Step => ({
  code: 'card',
  limitMs: handMs,
  run: (context) => {
    let reason = 'no-card'
    return onCards(
      reader,
      context,
      () => failed(reason),
      (event) => {
        if (event.kind === 'lifted') return null
        if (event.kind === 'unreadable') {
          reason = 'unreadable'
          context.show({ unreadable: event.reason })
          return null
        }
        const { name, number, photo } = event.card.reveal()
        const isWhole = photo.reveal().length === PHOTO_BYTES && number.trim() !== ''
        context.show({
          unreadable: null,
          name: `${[...name][0] ?? ''}*`,
          number: `${'*'.repeat(Math.max(0, number.length - 4))}${number.slice(-4)}`,
          numberCheck: checkIdNumber(number).ok ? 'good' : 'bad',
        })
        return isWhole ? PASSED : failed('not-whole')
      },
    )
  },
})

const lifted = (reader: IdReader, { handMs }: TestTimings): Step => ({
  code: 'lift',
  limitMs: handMs,
  run: (context) =>
    onCards(
      reader,
      context,
      () => failed('not-lifted'),
      (event) => (event.kind === 'lifted' ? PASSED : null),
    ),
})

/** Listens to the reader until an event ends the step; a reader that is lost meanwhile ends it, too. */
const onCards = (
  reader: IdReader,
  { signal }: StepContext,
  timeUp: () => StepEnd,
  take: (event: CardEvent) => StepEnd | null,
): Promise<StepEnd> =>
  new Promise((resolve) => {
    const settle = (end: StepEnd): void => {
      stopCards()
      stopStatus()
      signal.removeEventListener('abort', late)
      resolve(end)
    }
    const late = (): void => settle(timeUp())
    const stopCards = reader.onCard((event) => {
      const end = take(event)
      // A reader that is lost tells its card as lifted first, and its fault in the same breath: that is heard below.
      if (end !== null) setImmediate(settle, end)
    })
    const stopStatus = reader.onStatus((status) => {
      if (status.state === 'fault') settle(failed(status.reason))
    })
    signal.addEventListener('abort', late, { once: true })
    if (signal.aborted) late()
  })
