/**
 * Another instance of a hall, in a process of its own: opens the store it is told of, says so, and on a word does all
 * that may happen only once, at the same moment as the others do. Its last line is what it was answered.
 */
import { once } from 'node:events'
import { openHallStore } from '../../../../sync/hall/store/open.ts'
import { AT, batch, chain, enrolment, later } from './store-values.ts'

export const EVENTS = 500
export const IDS = 50
export const LIMIT = 30
const BATCH_EVENTS = 25
const TRIES = 40

export interface WorkerAnswers {
  enrolled: string
  taken: number
  stored: number
  duplicate: number
  allowed: number
  kept: string
}

async function work(name: string, options: string): Promise<void> {
  const store = await openHallStore(JSON.parse(options))
  process.stdout.write('ready\n')
  await once(process.stdin, 'data')
  const events = chain(EVENTS)
  const enrolled = store.enrol({ ...enrolment('shared'), nameDevice: (number) => `N-${number}` })
  const taken = Promise.all(
    Array.from({ length: IDS }, async (_, id) => await store.takeOnce('P-1', `id ${id}`, later(1000), AT)),
  )
  const allowed = Promise.all(
    Array.from(
      { length: TRIES },
      async () => await store.allow({ use: 'search', by: 'P-1', limit: LIMIT, windowMs: 60_000, at: AT }),
    ),
  )
  const kept = store.keepAnswer('P-1', 'key', { requestHash: 'h', status: 201, body: name }, AT)
  let [stored, duplicate] = [0, 0]
  for (let from = 0; from < EVENTS; from += BATCH_EVENTS) {
    const outcome = await store.storeBatch(batch(events.slice(from, from + BATCH_EVENTS)))
    if (outcome.outcome !== 'stored') throw new Error(outcome.outcome)
    stored += outcome.stored
    duplicate += outcome.duplicate
  }
  const answers: WorkerAnswers = {
    enrolled: (await enrolled).outcome,
    taken: (await taken).filter(Boolean).length,
    stored,
    duplicate,
    allowed: (await allowed).filter((one) => one.allowed).length,
    kept: (await kept).body,
  }
  await store.close()
  process.stdout.write(`${JSON.stringify(answers)}\n`)
  process.stdin.destroy()
}

if (import.meta.main) await work(process.argv[2] ?? '', process.argv[3] ?? '')
